# language: zh-TW
功能: 每一個步驟，以繁體中文

  場景: 完整的決定
    假如 所有時間以 Asia/Taipei 為準
    而且 檔案「decision.yaml」裡的個案
    而且 下列事實：
      | customer.need | 換一片 |
    而且 下列 charges
      | id | amount |
      | c1 | 800    |
    而且 沒有任何 losses
    而且 下列作為
      | 行動 | 由誰  | 時間             |
      | pay  | sales | 2026-03-01 10:00 |
    當 得知 customer.good_faith 是 bad
    而且 得知 charges 中 c1 的 amount 是 900
    而且 於 2026-03-01 09:00 得知 customer.good_faith 是 bad
    而且 customer.good_faith 尚不清楚
    而且 charges 中 c1 的 amount 尚不清楚
    而且 care_line 於 2026-03-01 10:05 完成 call_back（s1）
    而且 政策於 2026-03-01 10:00 作出決定
    而且 政策再次作出決定
    那麼 waive_charge（c1）在計畫中，依據 r-waive、r-two
    而且 其理由正好是
      | 規則    | 原則   | 來源 |
      | r-two   | settle | S0   |
      | r-waive | settle | S3   |
    而且 其理由包含
      | 規則  |
      | r-two |
    而且 call_back（s1）在計畫中，依據 r-call 和 r-wait
    而且 survey 不在計畫中
    而且 dun_customer（c1）被禁止，依據 r-waive
    而且 dun_customer（c2）未被禁止
    而且 offer_gift 原本建議卻被禁止，依據 r-gift
    而且 由 legal 進行 offer_gift 未被禁止
    而且 pay_loss 被暫緩，依據 r-hold
    而且 須先得知 cause.product_at_fault
    而且 須先完成 read_report
    而且 其理由正好是
      | 規則   | 作用      | 未定  |
      | r-hold | hold      | false |
      | r-pay  | recommend | true  |
    而且 pay_loss（全案）原本建議但被暫緩，依據 r-hold
    而且 pay_loss 尚未逾期
    而且 call_back 未被暫緩
    而且 express_regret 已完成
    而且 call_back（s1）尚未完成
    而且 waive_charge（c1）的 amount 是 800
    而且 waive_charge（c1）的 note 是 未知
    而且 call_back（s1）的期限是 2026-03-01 10:30
    而且 call_back 須在 30 分鐘內完成
    而且 waive_charge 須在 1 個工作日內完成
    而且 waive_charge 沒有期限
    而且 call_back 已逾期
    而且 waive_charge 尚未逾期
    而且 waive_charge 尚缺 note
    而且 call_back 資料齊備
    而且 計畫正好是
      | 行動         | 關於 | 規則           | 期限             | 時限       | amount | 逾期  |
      | call_back    | s1   | r-call         | 2026-03-01 10:30 | 30 分鐘    |        | true  |
      | waive_charge | c1   | r-waive、r-two | null             | 1 個工作日 | 800    | false |
    而且 計畫開頭是
      | 行動      |
      | call_back |
    而且 計畫依序包含：
      | 行動         |
      | call_back    |
      | waive_charge |
    而且 計畫包含
      | 行動         | 負責人     | 尚缺 |
      | waive_charge | case_owner | note |
    而且 計畫不包含
      | 行動   |
      | survey |
    而且 已完成步驟正好是
      | 行動           | 由誰      | 時間             |
      | express_regret | care_line | 2026-03-01 09:00 |
    而且 禁止事項正好是
      | 行動         | 原本建議 |
      | offer_gift   | true     |
      | dun_customer |          |
    而且 原本建議卻被禁止的事項正好是
      | 行動       |
      | offer_gift |
    而且 暫緩事項包含
      | 行動     | 直到        | 須先得知               | 規則   |
      | pay_loss | read_report | cause.product_at_fault | r-hold |
    而且 原本建議但被暫緩的事項正好是
      | 行動     |
      | pay_loss |
    而且 待問事項正好是
      | cause.product_at_fault |
      | claim.by               |
    而且 認定正好是
      | c1 | established |
      | c2 | one_sided   |
    而且 結論包含
      | escalation.failed | true |
    而且 第一個要問的是 cause.product_at_fault
    而且 要問 claim.by（c2）
    而且 不問 claim.by（c4）
    而且 不問 product.secured
    而且 目前階段是 settle
    而且 c1 的認定是 established
    而且 結論 escalation.failed 是 true
    而且 結論 promise.broken（p1）是 true
    而且 未得出結論 promise.broken（p2）是 true
    而且 未得出結論 customer.tone 是 cold
    而且 下次檢視時間是 2026-03-01 10:30

  場景: 一無所知的個案
    假如 有一件個案「T-1」，幣別為 TWD
    當 政策於 2026-03-01T10:00:00+08:00 作出決定
    那麼 計畫是空的
    而且 沒有要問的
    而且 目前階段是無
    而且 無須再檢視

  場景: 以 YAML 寫成的個案
    假如 下列個案
      """
      id: T-3
      decision: {phase: calm}
      """
    當 政策於「2026-03-01T10:00:00+08:00」作出決定
    那麼 目前階段是「calm」

  場景: 裁定
    假如 檔案「decision.yaml」裡的個案
    當 查核 任何人 於 2026-03-01T10:00:00+08:00 可否進行 see_order_through
    那麼 裁定是 允許
    當 查核 care_line 於 2026-03-01T10:00:00+08:00 可否進行 offer_gift（c1）
      | 參數   | 值 |
      | amount | 3  |
    那麼 裁定是 暫緩，依據 r-gift、r-calm
    而且 須先得知 customer.wants_money
    而且 須先完成 answer_question
    而且 其理由包含
      | 規則   | 作用   | 未定 |
      | r-gift | forbid | true |
    而且 改做的步驟正好是
      | 行動            | 關於 | 負責人     |
      | answer_question | q1   | case_owner |

  場景: 哪裡出了錯
    假如 檔案「history.yaml」裡的歷程
    而且 所有時間以 Asia/Taipei 為準
    當 於 2026-03-01 10:00 得知 charges 中 c1 的 amount 是 900
    而且 稽核截至 2026-03-03 10:00 的歷程
    那麼 違反事項正好是
      | 時間             | 事項               | 類別      | 由誰 | 規則     | 可知時間         |
      | 2026-03-01 10:00 | dun_customer（c1） | forbidden | shop | r-waive  | 2026-03-01 09:00 |
      | 2026-03-02 10:30 | escalation.failed  | failure   |      | r-failed |                  |
    而且 另有
      | 時間             | 事項            | 類別 | 完成時間         | 規則   | 原因               |
      | 2026-03-01 10:30 | call_back（s1） | late | 2026-03-01 12:00 | r-call | 原文沒有說是幾點。 |
    而且 無從查證的作為正好是
      | 事項     | 規則   |
      | pay_loss | r-hold |
    而且 違反事項不包含
      | 事項       |
      | offer_gift |

  場景: 之後
    假如 下列個案
      """
      id: T-4
      history:
        - at: 2026-03-01T00:00:00Z
          charges: [{id: c1}]
      """
    而且 所有時間以 Asia/Taipei 為準
    當 care_line 於 2026-03-01 10:00 完成 call_back
    而且 45 分鐘後 sales 完成 survey
    而且 1 小時後得知 customer.need 是 休息
    而且 1 小時後得知 charges 中 c1 的 amount 是 900
    而且 15 分鐘後查核任何人可否進行 survey
    而且 2 小時後政策作出決定
    那麼 無須再檢視
