# language: zh-TW
功能: 「只有您有問題」
  學員聽不懂，希望換一種教法。老師在全班面前解釋並拒絕；教務打電話問遍全班，說只有您有問題；
  學員氣得找業務退費，業務又對教務發火。情緒像病毒，要隔離、單獨處理、對症下藥。

  背景:
    假如 採用內建政策
    而且 所有時間以 Asia/Taipei 為準
    而且 檔案「examples/histories/only-one.yaml」裡的歷程

  場景: 一個人的事，不當眾談，不問旁人，不說只有您
    當 政策於 2026-03-09 10:05 作出決定
    那麼 discuss_in_public 被禁止，依據 not-in-front-of-others
    而且 ask_uninvolved 被禁止，依據 nobody-uninvolved
    而且 single_out 被禁止，依據 never-the-only-one
    而且 assign_owner 在計畫中，依據 one-owner
    而且 listen_in_private 不在計畫中
    而且 要問 parties.temperature
    而且 要問 customer.needed_by

  場景: 剛被當眾難堪的人，沒人記下情緒，也當作正在氣頭上
    當 政策於 2026-03-09 11:00 作出決定
    那麼 結論 parties.heated（student）是 true
    而且 listen_in_private（student）在計畫中，依據 listen-first
    而且 argue_with_data（student）被禁止，依據 no-data-against-anger
    當 政策於 2026-03-11 10:20 作出決定
    那麼 listen_in_private（student）在計畫中，依據 listen-first

  場景: 學員暴怒：一對一聽他說，只由一個人面對，事情先不談
    當 政策於 2026-03-11 10:00 作出決定
    那麼 結論 parties.heated（student）是 true
    而且 listen_in_private（student）在計畫中，依據 listen-first
    而且 listen_in_private（student）的期限是 2026-03-11 13:40
    而且 由 sales 進行 call_back 被禁止，依據 one-voice-while-feelings-run-high
    而且 explain_matter 被暫緩，依據 feelings-before-the-matter
    而且 refuse 被暫緩，依據 feelings-before-the-matter
    而且 offer_options 被暫緩，依據 two-options-with-rights-and-duties

  場景: 業務也動了氣，一樣要有人聽他說，不往同事身上發
    當 政策於 2026-03-11 12:00 作出決定
    那麼 listen_in_private（seller）在計畫中，依據 colleagues-are-heard-too
    而且 vent_at_colleague 被禁止，依據 no-fuel-among-colleagues
    而且 argue_with_data（seller）被禁止，依據 no-data-against-anger

  場景: 聽過了還在氣頭上，就留時間沉澱
    當 case_owner 於 2026-03-11T15:00:00+08:00 完成 listen_in_private（student）
    而且 政策於 2026-03-11 15:10 作出決定
    那麼 listen_in_private（student）已完成
    而且 cool_down（student）在計畫中，依據 room-to-cool-down
    而且 explain_matter 被暫緩，依據 feelings-before-the-matter

  場景: 過了一晚，事情可以談了
    當 case_owner 於 2026-03-11T15:00:00+08:00 完成 listen_in_private（student）
    而且 政策於 2026-03-12 15:00 作出決定
    那麼 explain_matter 未被暫緩

  場景: 情緒回到平常，問清真正的需要，共同準備選項，把選擇權交還
    當 case_owner 於 2026-03-11T15:00:00+08:00 完成 listen_in_private（student）
    而且 得知 parties 中 student 的 temperature 是 calm
    而且 政策於 2026-03-11 15:10 作出決定
    那麼 cool_down 不在計畫中
    # 當眾談、又說「只有您」：不是一個人失手，是做事的方法要改；等客戶平靜下來再談。
    而且 change_process 在計畫中，依據 change-what-let-it-happen
    而且 ask_need 在計畫中，依據 back-to-the-matter
    而且 prepare_options 在計畫中，依據 always-a-choice
    而且 show_effort 不在計畫中
    而且 offer_options 原本建議但被暫緩，依據 two-options-with-rights-and-duties
    當 下列 options：
      | id        | what     | rights             | duties           |
      | stay      | 留在原班 | 課後一對一補課     | 每週來一次       |
      | change    | 換班     | 改由另一位老師授課 | 上課時間改為週末 |
    而且 政策再次作出決定
    那麼 offer_options 在計畫中，依據 always-a-choice
    而且 計畫依序包含：
      | 行動            |
      | prepare_options |
      | show_effort     |
      | offer_options   |

  場景: 選項一給出去，就不催
    當 下列 options：
      | id   | what     | rights         | duties     | offered_at       |
      | stay | 留在原班 | 課後一對一補課 | 每週來一次 | 2026-03-12 10:00 |
    而且 政策於 2026-03-12 11:00 作出決定
    那麼 press_customer 被禁止，依據 no-pressure-to-decide

  場景: 平靜的客戶不必被安撫，其他的一樣不少
    假如 下列個案：
      """
      facts: {case.kind: request, case.owner: case_owner, refusal.reason: 本課程只有一種教法}
      parties: [{id: student, role: customer, temperature: calm}]
      """
    當 政策於 2026-03-09 10:05 作出決定
    那麼 計畫正好是：
      | 行動            | 規則            |
      | prepare_options | always-a-choice |
      | refuse          | refuse-clearly  |
    而且 offer_options 原本建議但被暫緩，依據 two-options-with-rights-and-duties
    而且 explain_matter 未被暫緩
    而且 call_back 未被禁止
    而且 argue_with_data 未被禁止

  場景: 拒絕要有理由；含糊推託不行
    假如 下列個案：
      """
      facts: {case.kind: request, case.owner: case_owner}
      """
    當 查核 frontline 於 2026-03-09 10:05 可否進行 refuse
    那麼 裁定是 暫緩，依據 never-take-service-away
    當 查核 frontline 於 2026-03-09 10:05 可否進行 refuse
      | 參數   | 值                 |
      | reason | 本課程只有一種教法 |
    那麼 裁定是 允許
    當 政策於 2026-03-09 10:05 作出決定
    那麼 brush_off 被禁止，依據 never-refuse-vaguely

  場景: 回頭看
    當 稽核截至 2026-03-13 18:00 的歷程
    那麼 違反事項正好是：
      | 時間             | 事項                         | 類別      | 規則                              |
      | 2026-03-09 10:20 | discuss_in_public            | forbidden | not-in-front-of-others            |
      | 2026-03-09 10:35 | listen_in_private（student） | omitted   | listen-at-once-to-whoever-is-here |
      | 2026-03-10 14:00 | ask_uninvolved               | forbidden | nobody-uninvolved                 |
      | 2026-03-11 09:30 | argue_with_data（student）   | forbidden | no-data-against-anger             |
      | 2026-03-11 09:31 | single_out                   | forbidden | never-the-only-one                |
      | 2026-03-11 13:00 | vent_at_colleague            | forbidden | no-fuel-among-colleagues          |
    而且 另有：
      | 時間             | 事項                         | 類別    | 規則                        | 原因                                           |
      | 2026-03-09 14:00 | assign_owner                 | omitted | one-owner                   | 老師、教務、業務各做各的，沒有一個人負責到底   |
      | 2026-03-11 09:55 | assign_owner                 | omitted | an-owner-when-it-boils-over | 前一次還沒做，又多了一次該做的                 |
      | 2026-03-11 13:40 | listen_in_private（student） | omitted | listen-first                | 前一次還沒做，又多了一次該做的                 |
      | 2026-03-11 15:00 | listen_in_private（seller）  | omitted | colleagues-are-heard-too    | 業務也在氣頭上；沒有人聽他說，他才往教務身上發 |
