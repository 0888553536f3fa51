# language: zh-TW
功能: 送修的手錶
  保固期內的手錶送到授權維修中心，被加了一番話術。原廠客服查證了六個星期，查得公正：雙方都聽、沒有證據的不判、
  報告念給客戶聽、三方談定。之後沒有人把談定的事記下來，一年後一錯再錯，客戶從此離開。

  背景:
    假如 採用內建政策
    而且 所有時間以 Asia/Taipei 為準
    而且 檔案「examples/histories/watch.yaml」裡的歷程

  場景: 報價後要給時間；三天之內不催
    當 政策於 2025-03-03 18:00 作出決定
    那麼 press_customer 被禁止，依據 no-pressure-to-decide
    而且 remark_personally 被禁止，依據 courtesy-at-all-times
    而且 assign_owner 在計畫中，依據 one-owner
    當 政策於 2025-03-06 17:00 作出決定
    那麼 press_customer 未被禁止

  場景: 客戶說了要考慮到哪天，那天之前不催
    當 於 2025-03-03 17:10 得知 customer.decides_by 是 2025-03-10T18:00:00+08:00
    而且 政策於 2025-03-07 10:00 作出決定
    那麼 press_customer 被禁止，依據 no-pressure-to-decide
    當 政策於 2025-03-10 18:00 作出決定
    那麼 press_customer 未被禁止

  場景: 維修中心接觸過客戶，就要記到同事接得上手
    假如 下列個案：
      """
      facts: {case.owner: partner, customer.need: 修好}
      contacts: [{id: counter, made_by: customer, made_to: partner, at: 2025-03-03T17:00:00+08:00, outcome: reached, noted: false}]
      """
    當 政策於 2025-03-03 18:00 作出決定
    那麼 record_contact（counter）在計畫中，依據 a-note-that-a-colleague-can-work-from
    而且 record_contact（counter）的期限是 2025-03-04 18:00
    當 得知 contacts 中 counter 的 noted 是 true
    而且 政策再次作出決定
    那麼 record_contact 不在計畫中

  場景: 過了保固，也要說試過什麼；不能修，要說清楚為什麼，也給別的選擇
    假如 下列個案：
      """
      facts: {case.owner: partner, customer.need: 修好, product.in_warranty: false, refusal.reason: 這款機芯已經停產}
      """
    當 政策於 2025-03-03 18:00 作出決定
    那麼 tell_what_was_tried 在計畫中，依據 tell-what-was-tried
    而且 refuse 在計畫中，依據 refuse-clearly
    而且 refuse 的 reason 是 這款機芯已經停產
    而且 brush_off 被禁止，依據 never-refuse-vaguely
    而且 prepare_options 在計畫中，依據 always-a-choice
    而且 offer_options 原本建議但被暫緩，依據 two-options-with-rights-and-duties
    當 得知 product.in_warranty 是 true
    而且 政策再次作出決定
    那麼 tell_what_was_tried 不在計畫中

  場景: 訴求之外，先問他真正需要什麼
    當 政策於 2025-03-05 10:20 作出決定
    那麼 ask_need 在計畫中，依據 tell-demand-from-need
    當 政策於 2025-03-05 10:50 作出決定
    那麼 ask_need 不在計畫中

  場景: 遺憾不是道歉：遺憾第一分鐘就該表達，道歉要等報告
    假如 下列個案：
      """
      facts: {case.formal: true, case.opened_at: 2025-03-05T10:00:00+08:00, case.owner: care_line, customer.need: 修好}
      losses: [{id: trips, what: 白跑兩趟維修中心}]
      """
    當 政策於 2025-03-05 10:05 作出決定
    那麼 express_regret 在計畫中，依據 regret-from-the-first-minute 和 care-from-the-first-contact
    而且 express_regret 的期限是 2025-03-05 11:00
    而且 estimate_loss 在計畫中，依據 put-a-figure-on-every-loss
    而且 apologise 被暫緩，依據 no-apology-before-the-report

  場景: 查證一開始，先問對方怎麼說，不選邊，也不先道歉
    當 政策於 2025-03-05 10:50 作出決定
    那麼 open_investigation 在計畫中，依據 open-an-inquiry
    而且 open_investigation 的期限是 2025-03-06 18:00
    當 政策於 2025-03-06 10:00 作出決定
    那麼 hear_other_side（tone）在計畫中，依據 hear-the-other-side
    而且 hear_other_side（cover）在計畫中，依據 hear-the-other-side
    而且 request_evidence（rush）在計畫中，依據 ask-both-sides-for-evidence
    而且 take_sides 被禁止，依據 stay-neutral-while-inquiring
    而且 judge_point 被禁止，依據 stay-neutral-while-inquiring
    而且 close_fact_finding 被暫緩，依據 both-are-heard-before-closing
    而且 apologise 被暫緩，依據 no-apology-before-the-report
    而且 speak_for_partner 被禁止，依據 nobody-pleads-for-the-partner
    而且 express_regret 已完成
    而且 結論 case.escalated 是 true

  場景: 還沒有一句關心的話，就不向人要資料
    假如 下列個案：
      """
      facts: {case.formal: true, case.owner: care_line, customer.need: 修好}
      claims: [{id: tone, made_by: customer, against: partner, answered: true}]
      """
    當 政策於 2025-03-10 10:00 作出決定
    那麼 request_evidence（tone）原本建議但被暫緩，依據 care-before-questions
    而且 須先完成 express_regret

  場景: 逐點認定：有直接證據的成立，各說各話的擱置
    當 政策於 2025-03-10 16:00 作出決定
    那麼 認定正好是：
      | 爭點  | 認定        |
      | cover | one_sided   |
      | rush  | established |
      | tone  | conflicting |
    而且 close_fact_finding 在計畫中，依據 close-when-both-are-heard
    而且 judge_point（tone）被禁止，依據 shelve-what-cannot-be-judged

  場景: 查證期間也要有消息
    當 政策於 2025-03-20 12:00 作出決定
    那麼 call_back 在計畫中，依據 news-while-it-is-being-looked-into
    而且 offer_gift 被禁止，依據 press-nothing-on-who-declined
    而且 offer_compensation 被禁止，依據 press-nothing-on-who-declined

  場景: 宣讀報告之前，先說哪些點不判
    當 政策於 2025-04-15 09:00 作出決定
    那麼 disclose_unjudged 在計畫中，依據 say-what-will-not-be-judged
    而且 disclose_unjudged 的 points 是 [cover, tone]
    而且 disclose_unjudged 的期限是 2025-04-16 18:00
    而且 read_report 原本建議但被暫緩，依據 say-what-will-not-be-judged
    而且 須先完成 disclose_unjudged
    而且 apologise（rush）原本建議但被暫緩，依據 no-apology-before-the-report
    而且 須先完成 read_report
    而且 apologise（tone）被禁止，依據 no-apology-for-what-is-no-fact
    當 政策於 2025-04-15 10:30 作出決定
    那麼 read_report 的期限是 2025-04-21 18:00
    而且 thank_customer 在計畫中，依據 read-the-report-to-the-customer

  場景: 報告念過了，就為查明的那一點道歉，只為那一點
    當 政策於 2025-04-16 10:20 作出決定
    那麼 apologise（rush）在計畫中，依據 apologise-for-what-is-a-fact
    而且 apologise（tone）不在計畫中
    而且 agree_prevention 在計畫中，依據 improve-together-on-what-is-a-fact
    而且 agree_prevention 的 points 是 [rush]

  場景: 客戶不接受報告，就是升級失敗：重新查過，更正報告
    假如 下列個案：
      """
      facts: {case.formal: true, case.owner: care_line, customer.need: 修好, report.accepted: false}
      acts:
        - {action: close_fact_finding, by: care_line, at: 2025-04-14T17:00:00+08:00}
        - {action: read_report, by: care_line, at: 2025-04-16T10:00:00+08:00}
      """
    當 政策於 2025-04-16 12:00 作出決定
    那麼 correct_report 在計畫中，依據 correct-what-the-customer-corrects
    而且 correct_report 的期限是 2025-04-23 18:00
    而且 結論 report.rejected 是 true
    而且 結論 escalation.failed 是 true
    當 care_line 於 2025-04-17T10:00:00+08:00 完成 correct_report
    而且 政策於 2025-04-17 10:10 作出決定
    那麼 correct_report 已完成

  場景: 報告之後又有新證據，重新查證，道歉先等等
    假如 下列個案：
      """
      facts: {case.formal: true, case.owner: care_line, customer.need: 修好, report.accepted: true}
      claims: [{id: rush, made_by: customer, against: partner, answered: true}]
      evidence:
        - {id: call-log, claim: rush, kind: system_record, stance: supports, direct: true, recorded_at: 2025-03-10T14:00:00+08:00}
        - {id: tape, claim: rush, kind: recording, stance: contradicts, direct: false, recorded_at: 2025-04-16T10:15:00+08:00}
      acts:
        - {action: close_fact_finding, by: care_line, at: 2025-04-14T17:00:00+08:00}
        - {action: read_report, by: care_line, at: 2025-04-16T10:00:00+08:00}
      """
    當 政策於 2025-04-16 10:20 作出決定
    那麼 close_fact_finding 在計畫中，依據 new-evidence-reopens-the-findings
    而且 apologise（rush）被暫緩，依據 new-evidence-reopens-the-findings
    而且 rush 的認定是 established

  場景: 三方談定之後：記下承諾、登記維修、問客戶接不接受，兩方留下來談細節
    假如 下列個案：
      """
      facts: {case.formal: true, case.owner: care_line, customer.need: 修好, service.asked_at: 2025-04-18T15:00:00+08:00}
      reviews: [{id: first, chair: brand_owner, agreed_at: 2025-04-18T15:00:00+08:00}]
      """
    當 政策於 2025-04-18 15:10 作出決定
    那麼 record_promises（first）在計畫中，依據 write-the-promises-down
    而且 record_promises（first）的期限是 2025-04-21 18:00
    而且 order_repair 在計畫中，依據 put-the-repair-on-record
    而且 ask_acceptance（first）在計畫中，依據 ask-whether-the-outcome-is-accepted
    當 得知 reviews 中 first 的 accepted 是 true
    而且 政策於 2025-04-18 15:20 作出決定
    那麼 work_out_details（first）在計畫中，依據 the-two-stay-behind

  場景: 承諾要有期限；過了期限就是沒兌現，要補做，也要再開會
    假如 下列個案：
      """
      facts: {case.formal: true, case.owner: care_line, customer.need: 修好}
      parties:
        - {id: center, role: partner, has_handled: true}
        - {id: care, role: care_line, has_handled: true, stands_above: true}
        - {id: director, role: reviewer, stands_above: true}
      reviews: [{id: first, chair: care, agreed_at: 2025-04-18T15:00:00+08:00}]
      promises: [{id: repair, promised_by: center, review: first, what: 兩週內修好, made_at: 2025-04-18T15:10:00+08:00}]
      acts: [{action: convene_review, by: brand_owner, at: 2025-04-18T14:00:00+08:00}]
      """
    當 政策於 2025-04-18 15:20 作出決定
    那麼 set_date（repair）在計畫中，依據 a-promise-needs-a-date
    當 得知 promises 中 repair 的 due_at 是 2025-05-02T18:00:00+08:00
    而且 政策於 2025-05-02 18:00 作出決定
    那麼 結論 promises.broken（repair）是 true
    而且 make_good_promise（repair）在計畫中，依據 make-a-late-promise-good
    而且 convene_review 在計畫中，依據 broken-promise-goes-back-to-review
    而且 convene_review 的 chair 是 director

  場景: 一年沒有消息：兩個星期就該打電話，一個月就算擱置
    當 政策於 2025-05-02 15:00 作出決定
    那麼 call_back 在計畫中，依據 silence-after-an-agreement
    當 政策於 2025-05-18 15:00 作出決定
    那麼 結論 product.left_lying 是 true
    而且 結論 escalation.failed 是 true
    而且 convene_review 在計畫中，依據 review-after-a-failed-escalation

  場景: 免費方案的案件，取件時不收錢
    當 政策於 2026-04-10 14:10 作出決定
    那麼 charge_customer（form）被禁止，依據 free-means-free
    而且 waive_charge（form）在計畫中，依據 take-the-charge-off
    而且 waive_charge（form）的 amount 是 7700 TWD
    而且 stop_dunning（form）在計畫中，依據 stop-the-reminders

  場景: 交還產品不等於結案
    當 政策於 2026-04-10 14:40 作出決定
    那麼 結論 closure.premature 是 true
    而且 reopen_case 在計畫中，依據 premature-closure-is-undone
    而且 confirm_need 在計畫中，依據 ask-after-handing-back
    而且 close_case 被暫緩，依據 closing-is-the-customers-word

  場景: 經手過的人不主持
    當 查核 brand_owner 於 2026-04-15 12:00 可否進行 convene_review
      | 參數  | 值   |
      | chair | care |
    那麼 裁定是 禁止，依據 no-chair-who-has-handled-it
    當 查核 brand_owner 於 2026-04-15 12:00 可否進行 convene_review
      | 參數  | 值       |
      | chair | director |
    那麼 裁定是 允許

  場景: 升級失敗之後，道歉不由對方來說
    當 政策於 2026-04-13 10:00 作出決定
    那麼 由 partner_manager 進行 apologise 被禁止，依據 no-apology-from-the-other-side

  場景: 打圓場不是答覆，居中的人也失去中立；回到沒有經手的人手上
    當 政策於 2026-04-15 12:00 作出決定
    那麼 結論 mediation.biased 是 true
    而且 結論 answers.is_empty（plea）是 true
    而且 convene_review 在計畫中，依據 biased-mediator-is-replaced
    而且 convene_review 的期限是 2026-04-17 18:00
    而且 convene_review 的 chair 是 director
    而且 convene_review 的 agenda 是 [rush]
    而且 convene_review 的 left_out 是 [cover, tone]

  場景: 客戶走了，不再打擾，只檢討
    當 政策於 2026-05-21 10:00 作出決定
    那麼 計畫不包含：
      | 行動         |
      | call_back    |
      | confirm_need |
      | convene_review |
    而且 close_as_lost 在計畫中，依據 learn-from-a-customer-who-left

  場景: 同樣的問題又發生，也是升級失敗
    假如 下列個案：
      """
      facts: {case.formal: true, case.owner: care_line, customer.need: 修好, problem.repeated: true}
      """
    當 政策於 2026-04-10 10:00 作出決定
    那麼 結論 escalation.failed 是 true
    而且 change_process 在計畫中，依據 change-what-let-it-happen
    而且 examine_cause 在計畫中，依據 find-the-cause
    當 得知 case.formal 是 false
    而且 政策再次作出決定
    那麼 convene_review 不在計畫中

  場景: 客戶說好了，就可以結案
    當 於 2025-05-20 10:00 得知 customer.need_met 是 true
    而且 政策於 2025-05-20 10:10 作出決定
    那麼 close_case 未被暫緩
    而且 close_case 在計畫中，依據 close-when-the-customer-says-so
    而且 convene_review 不在計畫中

  場景: 自己解決不了，就提議由原廠接手，並把期限登錄到系統
    假如 下列個案：
      """
      facts: {case.kind: request, case.owner: partner, service.stuck: true}
      """
    當 政策於 2026-04-10 10:00 作出決定
    那麼 propose_step_in 在計畫中，依據 propose-the-brand-owner
    當 得知 escalation.agreed_at 是 2026-04-10T10:30:00+08:00
    而且 政策於 2026-04-10 10:40 作出決定
    那麼 propose_step_in 不在計畫中
    而且 track_service 在計畫中，依據 a-set-time-in-the-system
    而且 track_service 的期限是 2026-04-13 18:00
    而且 return_device 在計畫中，依據 a-set-time-in-the-system
    而且 return_device 的期限是 2026-04-24 10:30

  場景: 回頭看：哪些事當時就不該做、該做沒做
    當 稽核截至 2026-06-01 18:00 的歷程
    那麼 違反事項正好是：
      | 時間             | 事項                     | 類別      | 規則                              |
      | 2025-03-03 17:05 | remark_personally        | forbidden | courtesy-at-all-times             |
      | 2025-03-04 10:00 | press_customer           | forbidden | no-pressure-to-decide             |
      | 2025-04-21 18:00 | order_repair             | omitted   | put-the-repair-on-record          |
      | 2025-05-18 15:00 | product.left_lying       | failure   | product-is-left-lying             |
      | 2026-04-10 14:00 | charge_customer（form）  | forbidden | free-means-free                   |
      | 2026-04-10 14:35 | close_case               | premature | closing-is-the-customers-word     |
      | 2026-04-10 14:35 | closure.premature        | failure   | closed-without-the-customers-word |
      | 2026-04-13 11:00 | apologise                | forbidden | no-apology-from-the-other-side    |
      | 2026-04-15 11:00 | speak_for_partner        | forbidden | nobody-pleads-for-the-partner     |
      | 2026-04-15 11:00 | mediation.biased         | failure   | mediator-takes-a-side             |
      | 2026-04-15 11:00 | answers.is_empty（plea） | failure   | answer-is-empty                   |
      | 2026-04-17 18:00 | convene_review           | omitted   | biased-mediator-is-replaced       |
    而且 另有：
      | 時間             | 事項                     | 類別    | 規則                             | 原因                                                     |
      | 2025-04-21 18:00 | record_promises（first） | omitted | write-the-promises-down          | 作者只說沒人登記維修；根子在於會議的承諾根本沒有人寫下來 |
      | 2025-05-03 15:00 | call_back                | omitted | silence-after-an-agreement       | 手錶放了一年；兩個星期沒有消息時就該打這通電話           |
      | 2025-05-23 18:00 | convene_review           | omitted | review-after-a-failed-escalation | 前一次還沒做，又多了一次該做的                           |
      | 2026-04-13 18:00 | reopen_case              | omitted | premature-closure-is-undone      | 客戶沒點頭就結案，也沒有人重新立案                       |
      | 2026-04-14 18:00 | confirm_need             | omitted | ask-after-handing-back           | 他從不大聲；平靜不等於滿意，卻沒有人問一句               |
      | 2026-04-28 11:00 | call_back                | omitted | silence-after-an-agreement       | 前一次還沒做，又多了一次該做的                           |
