# language: zh-TW
功能: 行動電源自燃
  學生的行動電源在背包裡起火，多次反映都沒有得到像樣的答覆，開始提到主管機關和媒體。
  先顧人，再保全證物，再就事故造成的全部損失負責；不拿涼茶打發，也不拿法條擋人。

  背景:
    假如 採用內建政策
    而且 所有時間以 Asia/Shanghai 為準
    而且 檔案「examples/cases/power-bank.yaml」裡的個案

  場景: 先顧人，再保全證物，再談情理與法律，最後全數賠償
    當 政策於 2026-03-03 10:30 作出決定
    那麼 計畫正好是：
      | 行動                | 階段    | 負責人           | 規則                               |
      | ask_about_injuries  | safety  | frontline        | ask-whether-anybody-is-hurt        |
      | go_to_customer      | safety  | case_owner       | go-there-at-once                   |
      | warn_others         | safety  | brand_owner      | warn-whoever-else-may-be-in-danger |
      | call_back           | calm    | case_owner       | call-back-on-a-risk-signal         |
      | express_regret      | calm    | case_owner       | regret-from-the-first-minute       |
      | take_upstairs       | calm    | case_owner       | take-it-upstairs-on-a-risk-signal    |
      | brief_pr            | calm    | case_owner       | brief-pr-on-a-risk-signal          |
      | apologise           | owed    | case_owner       | apologise-for-our-own-fault        |
      | secure_product      | facts   | case_owner       | secure-the-product                 |
      | open_investigation  | facts   | case_owner       | take-down-what-happened            |
      | learn_background    | facts   | case_owner       | know-whom-it-happened-to            |
      | weigh_circumstances | empathy | case_owner       | weigh-what-the-customer-went-through |
      | check_legal_floor   | law     | legal            | stay-above-the-legal-floor         |
      | pay_loss            | settle  | case_owner       | pay-all-connected-loss             |
      | change_process      | prevent | brand_owner      | change-what-let-it-happen          |
    而且 目前階段是 safety

  場景: 只問一件事：有沒有人受傷
    當 政策於 2026-03-03 10:30 作出決定
    那麼 待問事項正好是：
      | 事實           | 問誰     | 用於                 |
      | people.injured | customer | care-for-the-injured |

  場景: 有人受傷，先送醫
    當 得知 people.injured 是 true
    而且 政策於 2026-03-03 10:30 作出決定
    那麼 計畫開頭是：
      | 行動             | 規則                 |
      | care_for_injured | care-for-the-injured |
      | go_to_customer   | go-there-at-once     |
    而且 ask_about_injuries 不在計畫中
    而且 沒有要問的

  場景: 沒有人受傷，仍然要有人到場
    當 得知 people.injured 是 false
    而且 政策於 2026-03-03 10:30 作出決定
    那麼 計畫開頭是：
      | 行動           | 規則             |
      | go_to_customer | go-there-at-once |
    而且 care_for_injured 不在計畫中
    而且 go_to_customer 已逾期
    而且 沒有要問的

  場景: 賠償的是與事故有因果關係的全部損失
    當 政策於 2026-03-03 10:30 作出決定
    那麼 pay_loss 的 amount 是 8675 CNY
    而且 pay_loss 資料齊備
    而且 pay_loss 的期限是 2026-03-04 09:30
    而且 pay_loss 在計畫中
    而且 其理由正好是：
      | 規則                   | 原則   | 來源              |
      | pay-all-connected-loss | settle | S4 the power bank |
    而且 pay_loss 未被暫緩

  場景: 提到主管機關和媒體，三十分鐘內回電，並知會公關
    當 政策於 2026-03-03 10:30 作出決定
    那麼 call_back 的期限是 2026-03-03 10:50
    而且 call_back 須在 30 分鐘內完成
    而且 call_back 尚未逾期
    而且 call_back 在計畫中
    而且 其理由正好是：
      | 規則                       | 原則              | 來源              |
      | call-back-on-a-risk-signal | facts-empathy-law | S4 the power bank |
    而且 brief_pr 在計畫中，依據 brief-pr-on-a-risk-signal
    而且 brief_pr 的期限是 2026-03-03 10:50

  場景: 沒有風險訊號，就沒有三十分鐘的回電
    假如 沒有任何 signals
    當 政策於 2026-03-03 10:30 作出決定
    那麼 call_back 不在計畫中
    而且 brief_pr 不在計畫中
    而且 take_upstairs 不在計畫中

  場景: 過了三十分鐘還沒回電，就是逾期；一直沒有音訊，又多一個理由
    當 政策於 2026-03-03 10:51 作出決定
    那麼 call_back 已逾期
    當 政策於 2026-03-06 19:00 作出決定
    那麼 call_back 在計畫中，依據 call-back-on-a-risk-signal 和 silence-is-loss

  場景: 沒接通不算回過電
    假如 下列作為：
      | 行動      | 由誰       | 時間             | 結果      |
      | call_back | case_owner | 2026-03-03 10:40 | no_answer |
    當 政策於 2026-03-03 10:45 作出決定
    那麼 call_back 在計畫中，依據 call-back-on-a-risk-signal
    而且 call_back 的期限是 2026-03-03 10:50

  場景: 回過電就不再列入；客戶又說要上網公開，就要再回一次
    當 case_owner 於 2026-03-03T10:40:00+08:00 完成 call_back
    而且 政策於 2026-03-03 10:45 作出決定
    那麼 call_back 已完成
    而且 call_back 不在計畫中
    而且 note_answer_time 在計畫中，依據 name-the-hour-of-the-answer
    而且 note_answer_time 的期限是 2026-03-03 11:10
    當 下列 signals：
      | id      | kind    | at               |
      | posting | posting | 2026-03-03 14:00 |
    而且 政策於 2026-03-03 14:05 作出決定
    那麼 call_back 在計畫中，依據 call-back-on-a-risk-signal
    而且 call_back 的期限是 2026-03-03 14:30

  場景: 不拿涼茶打發，也不拿法條擋人
    當 政策於 2026-03-03 10:30 作出決定
    那麼 offer_gift 被禁止
    而且 其理由正好是：
      | 規則                            | 原則   | 來源              |
      | no-token-gift-against-real-loss | settle | S4 the power bank |
    而且 plead_legal_minimum 被禁止
    而且 其理由正好是：
      | 規則                     | 原則              | 來源              |
      | no-hiding-behind-the-law | facts-empathy-law | S4 the power bank |
    而且 原本建議卻被禁止的事項是空的

  場景: 原因不明，賠償先等，並說明等的是什麼；其他照做
    假如 檔案「examples/cases/power-bank-cause-unknown.yaml」裡的個案
    當 政策於 2026-03-03 10:30 作出決定
    那麼 pay_loss 原本建議但被暫緩，依據 settlement-waits-for-the-cause
    而且 須先得知 cause.product_at_fault
    而且 pay_loss 不在計畫中
    而且 要問 cause.product_at_fault
    而且 計畫依序包含：
      | 行動               | 規則                        |
      | ask_about_injuries | ask-whether-anybody-is-hurt |
      | go_to_customer     | go-there-at-once            |
      | call_back          | call-back-on-a-risk-signal  |
      | brief_pr           | brief-pr-on-a-risk-signal   |
      | secure_product     | secure-the-product          |
      | examine_cause      | find-the-cause              |
      | check_legal_floor  | stay-above-the-legal-floor  |
    而且 第一個要問的是 people.injured
    而且 state_cause 被暫緩，依據 name-no-cause-before-it-is-known

  場景: 原因一查明是產品所致，賠償立即放行
    假如 檔案「examples/cases/power-bank-cause-unknown.yaml」裡的個案
    當 政策於 2026-03-03 10:30 作出決定
    那麼 pay_loss 原本建議但被暫緩
    當 得知 cause.product_at_fault 是 true
    而且 政策再次作出決定
    那麼 pay_loss 在計畫中，依據 pay-all-connected-loss
    而且 pay_loss 的 amount 是 8675 CNY
    而且 pay_loss 沒有期限
    而且 examine_cause 不在計畫中
    而且 state_cause 未被暫緩
    而且 pay_loss 未被暫緩

  場景: 不是產品的問題，就不當作產品的問題來賠，但要攤開事實說明
    當 得知 cause.product_at_fault 是 false
    而且 政策於 2026-03-03 10:30 作出決定
    那麼 pay_loss 被禁止，依據 no-payment-as-if-at-fault
    而且 pay_loss 未被暫緩
    而且 pay_loss 不在計畫中
    而且 原本建議卻被禁止的事項是空的
    而且 check_legal_floor 不在計畫中
    而且 explain_matter 在計畫中，依據 explain-with-the-facts
    而且 express_regret 在計畫中，依據 regret-from-the-first-minute
    而且 offer_gift 被禁止，依據 no-token-gift-against-real-loss

  場景: 善意的客戶先情理後法律；事實顯示惡意，法律在前
    當 政策於 2026-03-03 10:30 作出決定
    那麼 計畫依序包含：
      | 行動                | 階段    |
      | secure_product      | facts   |
      | weigh_circumstances | empathy |
      | check_legal_floor   | law     |
      | pay_loss            | settle  |
    當 得知 customer.good_faith 是 bad
    而且 政策再次作出決定
    那麼 計畫依序包含：
      | 行動                | 階段    |
      | check_legal_floor   | law     |
      | quote_law           | law     |
      | secure_product      | facts   |
      | weigh_circumstances | empathy |
      | pay_loss            | settle  |
    而且 plead_legal_minimum 未被禁止

  場景: 損失還沒列出來，先一項一項估算，不急著談金額
    假如 沒有任何 losses
    當 政策於 2026-03-03 10:30 作出決定
    那麼 estimate_loss 在計畫中，依據 put-a-figure-on-every-loss
    而且 pay_loss 不在計畫中
    而且 offer_gift 被禁止，依據 no-token-gift-against-real-loss

  場景: 有一項金額不明，就先估算，賠償步驟標明尚缺金額
    當 losses 中 laptop 的 amount 尚不清楚
    而且 政策於 2026-03-03 10:30 作出決定
    那麼 estimate_loss 在計畫中，依據 put-a-figure-on-every-loss
    而且 pay_loss 尚缺 amount

  場景: 有一項損失是否由事故造成還不清楚，只問這一項
    當 得知 people.injured 是 false
    而且 losses 中 phone 的 connected 尚不清楚
    而且 政策於 2026-03-03 10:30 作出決定
    那麼 pay_loss 尚缺 amount
    而且 待問事項正好是：
      | losses.connected |

  場景: 已經封存的產品不必再封存
    當 得知 product.secured 是 true
    而且 政策於 2026-03-03 10:30 作出決定
    那麼 secure_product 不在計畫中

  場景: 賠過了，就不再列入計畫
    當 case_owner 於 2026-03-03T15:00:00+08:00 完成 pay_loss
    而且 政策於 2026-03-03 15:05 作出決定
    那麼 pay_loss 已完成
    而且 pay_loss 不在計畫中

  場景: 與事故無關的損失不在賠償之列，也不必再等原因
    假如 檔案「examples/cases/power-bank-cause-unknown.yaml」裡的個案
    而且 沒有任何 losses
    而且 下列 losses：
      | id         | what       | amount | connected |
      | old-screen | 舊手機螢幕 | 600    | false     |
    當 政策於 2026-03-03 10:30 作出決定
    那麼 pay_loss 不在計畫中
    而且 pay_loss 未被暫緩
    而且 check_legal_floor 不在計畫中
    而且 weigh_circumstances 不在計畫中
    當 得知 cause.product_at_fault 是 false
    而且 政策再次作出決定
    那麼 pay_loss 未被禁止

  場景: 沒有危險，只有損失：表達遺憾、不送小禮，但不必到場
    假如 有一件個案「L-1」，幣別為 CNY
    而且 下列事實：
      | 事實           | 值               |
      | case.opened_at | 2026-03-03 09:10 |
      | case.owner     | case_owner       |
      | customer.need  | 一件乾淨的外套   |
    而且 下列 losses：
      | id     | what | amount | connected |
      | jacket | 外套 | 320    | true      |
    當 政策於 2026-03-03 10:30 作出決定
    那麼 計畫正好是：
      | 行動              | 規則                         |
      | express_regret    | regret-from-the-first-minute |
    而且 offer_gift 被禁止，依據 no-token-gift-against-real-loss
    而且 state_cause 未被暫緩
    而且 待問事項正好是：
      | case.kind              |
      | cause.product_at_fault |

  場景: 發生危險，還沒有人受損：遺憾照樣表達
    假如 沒有任何 losses
    當 政策於 2026-03-03 10:30 作出決定
    那麼 express_regret 在計畫中，依據 regret-from-the-first-minute

  場景: 客戶已離開，舊步驟不再掛著
    當 得知 customer.left 是 true
    而且 政策於 2026-03-03 10:30 作出決定
    那麼 計畫正好是：
      | 行動          | 規則                           |
      | close_as_lost | learn-from-a-customer-who-left |
    而且 offer_gift 被禁止，依據 no-token-gift-against-real-loss

  場景: 客戶已離開，不論後來又查明什麼，都不再打擾
    假如 檔案「examples/cases/power-bank-cause-unknown.yaml」裡的個案
    而且 沒有任何 losses
    當 得知 customer.left 是 true
    而且 得知 customer.good_faith 是 bad
    而且 得知 people.injured 是 true
    而且 政策於 2026-03-09 10:30 作出決定
    那麼 計畫正好是：
      | 行動          | 規則                           |
      | close_as_lost | learn-from-a-customer-who-left |
    而且 沒有要問的
    當 得知 cause.product_at_fault 是 false
    而且 政策再次作出決定
    那麼 計畫正好是：
      | 行動          | 規則                           |
      | close_as_lost | learn-from-a-customer-who-left |

  場景: 客戶有影響力，不必等他開口
    當 得知 customer.has_reach 是 true
    而且 沒有任何 signals
    而且 政策於 2026-03-03 10:30 作出決定
    那麼 take_upstairs 在計畫中，依據 reach-is-a-signal-too
    而且 brief_pr 在計畫中，依據 after-an-accident-reach-is-for-public-relations-too

  場景: 查明是電芯的問題，先警示還在用的人
    當 政策於 2026-03-03 10:30 作出決定
    那麼 warn_others 在計畫中，依據 warn-whoever-else-may-be-in-danger 和 mainland-warn-and-recall
    而且 warn_others 的期限是 2026-03-04 09:30
    當 得知 hazard.others_at_risk 是 false
    而且 政策再次作出決定
    那麼 warn_others 不在計畫中

  場景: 金額超過負責人權限：當天送核准，不是停下來等
    當 得知 losses 中 laptop 的 amount 是 85299
    而且 政策於 2026-03-03 10:30 作出決定
    那麼 ask_approval 在計畫中，依據 approval-and-no-delay
    而且 ask_approval 的 amount 是 88675 CNY
    而且 pay_loss 原本建議但被暫緩，依據 approval-and-no-delay
    而且 須先完成 ask_approval
    而且 secure_product 在計畫中
    當 case_owner 於 2026-03-03T11:00:00+08:00 完成 ask_approval：
      | 參數     | 值    |
      | amount | 88675 |
    而且 政策於 2026-03-03 11:05 作出決定
    那麼 pay_loss 在計畫中，依據 pay-all-connected-loss

  場景: 一提到主管機關就先安撫；主管機關回覆之前，我方的答覆要先到
    當 政策於 2026-03-03 10:30 作出決定
    那麼 express_regret 在計畫中
    而且 其理由正好是：
      | 規則                         |
      | care-from-the-first-contact  |
      | regret-from-the-first-minute |
      | soothe-on-a-risk-signal      |
    而且 check_legal_floor 在計畫中，依據 mainland-product-liability
    而且 settle_complaint 不在計畫中
    當 政策於 2026-03-06 19:00 作出決定
    那麼 settle_complaint 在計畫中，依據 mainland-ready-before-the-authority-answers
    而且 settle_complaint 的期限是 2026-03-12 18:00

  場景: 回頭看
    假如 檔案「examples/histories/power-bank.yaml」裡的歷程
    當 稽核截至 2026-03-09 18:00 的歷程
    那麼 違反事項正好是：
      | 時間             | 事項               | 類別      | 規則                              |
      | 2026-03-02 09:25 | ask_about_injuries | omitted   | ask-whether-anybody-is-hurt       |
      | 2026-03-02 10:10 | express_regret     | omitted   | regret-from-the-first-minute      |
      | 2026-03-02 13:10 | go_to_customer     | omitted   | go-there-at-once                  |
      | 2026-03-03 09:10 | open_investigation | omitted   | take-down-what-happened           |
      | 2026-03-03 09:10 | secure_product     | omitted   | secure-the-product                |
      | 2026-03-03 10:50 | call_back          | omitted   | call-back-on-a-risk-signal        |
      | 2026-03-03 10:50 | take_upstairs      | omitted   | take-it-upstairs-on-a-risk-signal |
      | 2026-03-03 10:50 | brief_pr           | omitted   | brief-pr-on-a-risk-signal         |
      | 2026-03-05 11:00 | offer_gift         | forbidden | no-token-gift-against-real-loss   |
    而且 另有：
      | 時間             | 事項           | 類別    | 規則                        | 原因                                       |
      | 2026-03-03 10:50 | express_regret | omitted | care-from-the-first-contact | 前一次還沒做，又多了一次該做的             |
      | 2026-03-04 16:30 | call_back      | omitted | call-back-on-a-risk-signal, the-first-silence-ends-in-three-days | 前一次還沒做，又多了一次該做的             |
      | 2026-03-04 16:30 | express_regret | omitted | soothe-on-a-risk-signal     | 前一次還沒做，又多了一次該做的             |
      | 2026-03-05 18:00 | examine_cause  | omitted | find-the-cause              | 作者只說要保全產品；原因三天內也沒有人送驗 |
