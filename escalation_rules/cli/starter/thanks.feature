# language: zh-TW
功能: 先道謝
  我們的規則在 rules/，疊在內建政策之上（見 pytest.ini）。`pytest --policy-steps zh-TW` 會列出所有步驟。

  背景:
    假如 所有時間以 Asia/Taipei 為準
    而且 有一件個案「T-2」，幣別為 TWD
    而且 下列事實：
      | case.opened_at | 2026-03-02 09:00 |
      | case.formal    | true             |

  場景: 正式申訴先道謝
    當 政策於 2026-03-02 10:00 作出決定
    那麼 計畫包含：
      | 行動           | 期限             | 規則                    |
      | thank_customer | 2026-03-04 18:00 | thank-before-the-report |

  場景: 道謝之後就不再重複
    當 case_owner 於 2026-03-02 11:00 完成 thank_customer
    而且 1 小時後政策作出決定
    那麼 thank_customer 不在計畫中
