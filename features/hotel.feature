# language: zh-TW
功能: 春節超賣的飯店
  付清全額、確認信寫明保證的無障礙房，傍晚六點半給了別人。七十八歲坐輪椅的母親、兩個孩子在大廳等了近一個小時；
  說好二十分鐘內回電的經理沒有打來，半夜被送到沒有電梯的三樓。先有地方住，再談其他；時間用分鐘算，不看上班日。

  背景:
    假如 採用內建政策
    而且 所有時間以 Asia/Taipei 為準
    而且 檔案「examples/histories/hotel.yaml」裡的歷程

  場景: 先問人好不好，先找今晚的床；十五分鐘內有人負責，半夜也一樣
    當 政策於 2026-02-18 21:40 作出決定
    那麼 計畫正好是：
      | 行動               | 關於         | 階段     | 規則                            |
      | ask_about_injuries |              | safety   | somebody-is-at-risk             |
      | help_at_once       |              | calm     | help-with-what-cannot-wait      |
      | call_back          |              | calm     | call-back-on-a-risk-signal      |
      | take_upstairs      |              | calm     | take-it-upstairs-on-a-risk-signal |
      | brief_pr           |              | calm     | brief-pr-on-a-risk-signal       |
      | listen_in_private  | chen         | calm     | listen-first                    |
      | assign_owner       |              | one_view | an-owner-within-minutes         |
      | check_promise      | manager-call | one_view | look-before-a-promise-falls-due |
    而且 結論 case.pressing 是 true
    而且 ask_about_injuries 的期限是 2026-02-18 21:47
    而且 assign_owner 的期限是 2026-02-18 21:47
    而且 call_back 的期限是 2026-02-18 22:03
    而且 沒有要問的
    # 人若就在櫃台，不用回電：馬上請到一旁，一個人聽他說。
    當 於 2026-02-18 21:33 得知 customer.on_the_line 是 true
    而且 政策再次作出決定
    那麼 call_back 不在計畫中
    而且 listen_in_private（chen） 在計畫中，依據 listen-at-once-to-whoever-is-here

  場景: 客氣的客人，一樣快：快慢看急不急，不看聲音大小
    假如 下列個案：
      """
      id: M1-calm
      currency: TWD
      facts:
        case.opened_at: 2026-02-18T21:32:00+08:00
        customer.need: 今晚有輪椅進得去的房間
        customer.needed_by: 2026-02-18T22:30:00+08:00
        people.at_risk: true
      parties: [{id: chen, role: customer, temperature: calm}]
      promises: [{id: manager-call, promised_by: frontline, made_at: 2026-02-18T21:38:00+08:00, due_at: 2026-02-18T21:58:00+08:00}]
      """
    當 政策於 2026-02-18 21:40 作出決定
    那麼 計畫正好是：
      | 行動               | 關於         | 規則                            |
      | ask_about_injuries |              | somebody-is-at-risk             |
      | express_regret     |              | a-human-word-within-minutes     |
      | help_at_once       |              | help-with-what-cannot-wait      |
      | assign_owner       |              | an-owner-within-minutes         |
      | check_promise      | manager-call | look-before-a-promise-falls-due |
    而且 assign_owner 的期限是 2026-02-18 21:47
    當 政策於 2026-02-18 22:20 作出決定
    那麼 call_back 在計畫中，依據 a-broken-promise-that-presses-goes-up
    而且 call_back 的期限是 2026-02-18 22:13
    而且 take_upstairs 在計畫中，依據 a-broken-promise-that-presses-goes-up

  場景: 還不急的訂房問題，照上班時間辦
    假如 下列個案：
      """
      facts:
        case.opened_at: 2026-02-18T21:32:00+08:00
        customer.need: 連假要加一張床
        customer.needed_by: 2026-03-20T15:00:00+08:00
        people.at_risk: false
      """
    當 政策於 2026-02-18 21:35 作出決定
    那麼 help_at_once 不在計畫中
    而且 ask_about_injuries 不在計畫中
    而且 assign_owner 的期限是 2026-02-23 13:00

  場景: 答應二十分鐘沒有打來：高一層的人馬上打，先認錯，不是等下一個上班日
    當 政策於 2026-02-18 22:20 作出決定
    那麼 計畫依序包含：
      | 行動              | 關於         | 規則                                         |
      | help_at_once      |              | help-with-what-cannot-wait                   |
      | call_back         |              | a-broken-promise-that-presses-goes-up        |
      | take_upstairs     |              | a-broken-promise-that-presses-goes-up        |
      | make_good_promise | manager-call | a-promise-of-minutes-is-made-good-in-minutes |
      | apologise         |              | apologise-for-a-broken-promise               |
    而且 call_back 在計畫中，依據 they-waited-and-nobody-came
    而且 call_back 已逾期
    而且 make_good_promise（manager-call）的期限是 2026-02-18 22:28
    而且 apologise 未被暫緩
    而且 tell_to_wait 被禁止，依據 they-waited-and-nobody-came

  場景: 時間過了、送去的地方住不了，需要還在，步驟就還在
    當 政策於 2026-02-18 22:31 作出決定
    那麼 help_at_once 在計畫中，依據 help-with-what-cannot-wait
    而且 help_at_once 已逾期
    當 政策於 2026-02-18 22:55 作出決定
    那麼 help_at_once 在計畫中，依據 help-with-what-cannot-wait
    而且 cool_down 不在計畫中

  場景: 第一晚安頓好了，第二晚還是要有房間
    假如 下列個案：
      """
      facts:
        case.opened_at: 2026-02-18T21:32:00+08:00
        case.owner: case_owner
        customer.need: 今晚有輪椅進得去的房間
        customer.needed_by: 2026-02-18T22:30:00+08:00
      acts: [{action: help_at_once, by: case_owner, at: 2026-02-18T22:20:00+08:00, outcome: done}]
      """
    當 政策於 2026-02-18 22:25 作出決定
    那麼 help_at_once 不在計畫中
    當 政策於 2026-02-18 23:15 作出決定
    那麼 help_at_once 不在計畫中
    當 得知 customer.needed_by 是 2026-02-19T11:00:00+08:00
    而且 政策於 2026-02-19 09:30 作出決定
    那麼 help_at_once 在計畫中，依據 help-with-what-cannot-wait

  場景: 隔天早上：今晚的房間第一；查明是我們的錯，就不帶條件地道歉，全額退費，法務先看過
    當 政策於 2026-02-19 09:30 作出決定
    那麼 計畫依序包含：
      | 行動              | 關於 | 規則                                        |
      | help_at_once      |      | help-with-what-cannot-wait                  |
      | call_back         |      | call-back-on-a-risk-signal                  |
      | take_upstairs     |      | take-it-upstairs-on-a-risk-signal             |
      | brief_pr          |      | brief-pr-on-a-risk-signal                   |
      | express_regret    |      | soothe-on-a-risk-signal                     |
      | apologise         |      | apologise-for-our-own-fault                 |
      | answer_question   | why  | an-urgent-question-is-answered-within-a-day |
      | check_legal_floor |      | stay-above-the-legal-floor                  |
      | pay_loss          |      | pay-all-connected-loss                      |
    而且 answer_question（why）的期限是 2026-02-20 09:10
    而且 pay_loss 的 amount 是 31600 TWD
    而且 pay_loss 的期限是 2026-02-20 09:25
    而且 pay_loss 未被暫緩
    而且 apologise 未被暫緩
    而且 hear_other_side 不在計畫中
    而且 open_investigation 不在計畫中
    而且 offer_gift 被禁止，依據 no-token-gift-against-real-loss
    而且 plead_legal_minimum 被禁止，依據 no-hiding-behind-the-law
    而且 send_elsewhere 被禁止，依據 never-the-messenger
    而且 hang_up 被禁止，依據 never-hang-up
    而且 沒有要問的

  場景: 自己的系統紀錄就是證據，不必再等對方說明；旁人的紀錄還是要問
    當 政策於 2026-02-19 09:30 作出決定
    那麼 結論 claims.heard（given-away）是 true
    而且 given-away 的認定是 established
    當 得知 evidence 中 pms 的 supplied_by 是 chen
    而且 cause.product_at_fault 尚不清楚
    而且 政策再次作出決定
    那麼 hear_other_side（given-away）在計畫中，依據 hear-the-other-side

  場景: 總經理十點把該做的都做了：不叫人「先休息、明天再談」，該說明的照說
    當 case_owner 於 2026-02-19T09:40:00+08:00 完成 call_back
    而且 case_owner 於 2026-02-19T09:50:00+08:00 完成 help_at_once
    而且 case_owner 於 2026-02-19T09:55:00+08:00 完成 listen_in_private（chen）
    而且 case_owner 於 2026-02-19T09:58:00+08:00 完成 apologise
    而且 政策於 2026-02-19 10:00 作出決定
    那麼 cool_down 不在計畫中
    而且 call_back 已完成
    而且 help_at_once 不在計畫中
    而且 apologise 不在計畫中
    而且 explain_matter 未被暫緩
    而且 argue_with_data（chen）被禁止，依據 no-data-against-anger
    而且 pay_loss 在計畫中，依據 pay-all-connected-loss

  場景: 正式調查中，道歉仍等報告
    當 得知 case.formal 是 true
    而且 政策於 2026-02-19 09:30 作出決定
    那麼 apologise 被暫緩，依據 no-apology-before-the-report
    而且 apologise 不在計畫中

  場景: 只有一張工單：三個步驟、四個問題，先問人
    假如 下列個案：
      """
      id: M1-bare
      facts:
        case.subject: 已付全額，到店說滿房
        case.channel: phone
        case.opened_at: 2026-02-18T21:32:00+08:00
      """
    當 政策於 2026-02-18 21:40 作出決定
    那麼 計畫正好是：
      | 行動           | 規則                        |
      | express_regret | care-from-the-first-contact |
      | ask_need       | tell-demand-from-need       |
      | assign_owner   | one-owner                   |
    而且 待問事項正好是：
      | 事實                 | 問誰     | 用於                       |
      | people.at_risk       | customer | somebody-is-at-risk        |
      | case.kind            | agent    | one-owner                  |
      | customer.needed_by   | customer | help-with-what-cannot-wait |
      | customer.temperature | agent    | listen-to-whoever-is-upset |
    當 得知 people.at_risk 是 true
    而且 得知 case.kind 是 complaint
    而且 得知 customer.needed_by 是 2026-02-18T22:30:00+08:00
    而且 得知 customer.temperature 是 furious
    而且 政策再次作出決定
    那麼 計畫開頭是：
      | 行動               | 規則                       |
      | ask_about_injuries | somebody-is-at-risk         |
      | express_regret     | a-human-word-within-minutes |
      | help_at_once       | help-with-what-cannot-wait  |
    而且 assign_owner 在計畫中，依據 an-owner-within-minutes
    而且 listen_in_private 在計畫中，依據 listen-to-whoever-is-upset
    而且 沒有要問的

  場景: 回頭看
    當 稽核截至 2026-02-19 12:00 的歷程
    那麼 違反事項正好是：
      | 時間                | 事項                              | 類別    | 規則                                         |
      | 2026-02-18 21:47    | assign_owner                      | omitted | an-owner-within-minutes                      |
      | 2026-02-18 21:58    | promises.broken（manager-call）   | failure | promise-is-broken                            |
      | 2026-02-18 22:03    | call_back                         | omitted | a-broken-promise-that-presses-goes-up        |
      | 2026-02-18 22:03    | take_upstairs                     | omitted | a-broken-promise-that-presses-goes-up        |
      | 2026-02-18 22:28    | make_good_promise（manager-call） | omitted | a-promise-of-minutes-is-made-good-in-minutes |
      | 2026-02-18 22:30:01 | help_at_once                      | omitted | help-with-what-cannot-wait                   |
    而且 另有：
      | 時間                | 事項                      | 類別    | 規則                        | 原因                                         |
      | 2026-02-18 21:47    | ask_about_injuries        | omitted | somebody-is-at-risk         | 血壓藥要吃了，四十分鐘裡沒有人問過媽媽好不好 |
      | 2026-02-18 22:03    | brief_pr                  | omitted | brief-pr-on-a-risk-signal   | 他說要開直播；隔天影片已有三千多次分享       |
      | 2026-02-18 22:58    | call_back                 | omitted | they-waited-and-nobody-came | 前一次還沒做，又多了一次該做的               |
      | 2026-02-19 01:32    | listen_in_private（chen） | omitted | listen-first                | 一整晚沒有一個人好好聽他把話說完             |
      | 2026-02-19 06:50:01 | help_at_once              | omitted | help-with-what-cannot-wait  | 前一次還沒做，又多了一次該做的               |
      | 2026-02-19 09:40    | express_regret            | omitted | soothe-on-a-risk-signal     | 信裡說要找消保官，半小時內沒有人先關心一句   |
      | 2026-02-19 09:40    | call_back                 | omitted | call-back-on-a-risk-signal  | 前一次還沒做，又多了一次該做的               |
      | 2026-02-19 11:00:01 | help_at_once              | omitted | help-with-what-cannot-wait  | 前一次還沒做，又多了一次該做的               |
