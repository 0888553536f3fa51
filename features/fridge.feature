# language: zh-CN
功能: 放着胰岛素的冰箱
  冰箱不制冷，里面是老人每天要打的胰岛素。服务网点一次次失约，客服说“已催促，请耐心等待”，最后没上门就点了“已完成”，
  还请她打五星。她一直客气。失信两次就该换人接手，不必等她吵；没修好的工单，谁结的都不算结。

  背景:
    假如 采用内置政策
    而且 所有时间以 Asia/Shanghai 为准
    而且 文件“examples/histories/fridge.yaml”中的经过

  场景: 周五晚上的工单：先问老人的药，当晚就有人管，不等到周一
    当 政策在 2026-07-03 19:30 作出决定
    那么 计划正好是：
      | 行动               | 规则                        |
      | ask_about_injuries | somebody-is-at-risk         |
      | express_regret     | a-human-word-within-minutes |
      | help_at_once       | help-with-what-cannot-wait  |
      | order_repair       | put-the-repair-on-record    |
      | assign_owner       | an-owner-within-minutes     |
    而且 assign_owner 的期限是 2026-07-03 19:35
    而且 express_regret 的期限是 2026-07-03 19:50
    而且 go_to_customer 不在计划中
    而且 check_legal_floor 不在计划中

  场景: 等了一上午没人来：需要还在，马上打电话，周日的上门改早，不许再叫人等
    当 政策在 2026-07-04 14:15 作出决定
    那么 计划依序包含：
      | 行动              | 关于    | 规则                             |
      | call_back         |         | they-waited-and-nobody-came      |
      | help_at_once      |         | help-with-what-cannot-wait       |
      | make_good_promise | sat     | make-a-late-promise-good         |
      | apologise         |         | apologise-for-a-broken-promise   |
      | bring_forward     | visit-2 | the-customers-day-not-the-roster |
    而且 help_at_once 已逾期
    而且 bring_forward（visit-2）的期限是 2026-07-04 18:10
    而且 tell_to_wait 被禁止，依据 they-waited-and-nobody-came
    而且 propose_step_in 不在计划中
    而且 check_legal_floor 不在计划中
    而且 brief_pr 不在计划中

  场景: 守约的上门，不用打这个电话
    假如 下列个案：
      """
      facts: {case.opened_at: 2026-07-03T19:20:00+08:00, case.owner: case_owner, customer.need: 冰箱能用}
      appointments: [{id: visit-1, arranged_by: partner, kind: visit, at: 2026-07-04T12:00:00+08:00, state: kept}]
      """
    当 政策在 2026-07-04 14:15 作出决定
    那么 call_back 不在计划中
    当 得知 appointments 中 visit-1 的 state 是 missed
    而且 政策再次作出决定
    那么 call_back 在计划中，依据 they-waited-and-nobody-came
    而且 call_back 的期限是 2026-07-04 13:00

  场景: 到期前一天先看一眼，还来得及
    当 政策在 2026-07-07 10:00 作出决定
    那么 check_promise 不在计划中
    当 政策在 2026-07-07 18:00 作出决定
    那么 check_promise（wed）在计划中，依据 look-before-a-promise-falls-due

  场景: 两次失信，她没吵，也由品牌方接手；道歉、借用冰箱、赔药钱，不许再说耐心等待
    当 政策在 2026-07-09 10:10 作出决定
    那么 计划依序包含：
      | 行动            | 关于     | 规则                                        |
      | help_at_once    |          | help-with-what-cannot-wait                  |
      | call_back       |          | two-promises-broken                         |
      | take_upstairs   |          | two-promises-broken                         |
      | apologise       |          | apologise-for-our-own-fault                 |
      | answer_question | medicine | an-urgent-question-is-answered-within-a-day |
      | answer_question | when     | an-urgent-question-is-answered-within-a-day |
      | pay_loss        |          | pay-a-loss-that-comes-to-light-later        |
      | propose_step_in |          | take-it-from-the-partner                    |
    而且 tell_to_wait 被禁止，依据 two-promises-broken
    而且 assign_owner 在计划中，依据 an-owner-within-minutes
    而且 pay_loss 的 amount 是 770 CNY
    而且 pay_loss 的期限是 2026-07-10 10:05
    而且 pay_loss 尚未逾期
    而且 pay_loss 未被暂缓
    而且 apologise 未被暂缓
    而且 offer_gift 被禁止，依据 no-token-gift-against-real-loss
    而且 send_elsewhere 被禁止，依据 never-the-messenger
    而且 survey 被暂缓，依据 no-survey-before-the-need-is-met

  场景: 七百七十块不用请法务；提到法院、金额大，才请
    当 政策在 2026-07-11 09:30 作出决定
    那么 check_legal_floor 不在计划中
    当 下列 signals：
      | id    | kind  | at               |
      | court | court | 2026-07-11 09:20 |
    而且 政策再次作出决定
    那么 check_legal_floor 在计划中，依据 stay-above-the-legal-floor

  场景: 只失信一次，还不用换人；失信的是自己人，也不用请品牌方
    当 得知 promises 中 sat 的 kept_at 是 2026-07-04T11:00:00+08:00
    而且 政策在 2026-07-11 09:30 作出决定
    那么 propose_step_in 不在计划中
    当 promises 中 sat 的 kept_at 尚不清楚
    而且 得知 promises 中 sat 的 promised_by 是 agent
    而且 政策再次作出决定
    那么 take_upstairs 在计划中，依据 two-promises-broken
    而且 propose_step_in 不在计划中

  场景: “已催促，请耐心等待”等于没有答复
    当 政策在 2026-07-09 10:45 作出决定
    那么 结论 answers.is_empty（chased）是 true
    而且 answer_question（when）在计划中，依据 answer-the-question
    而且 improve_answer（chased）不在计划中

  场景: 没上门就点“已完成”：马上重新立案，计划一步不少
    当 政策在 2026-07-10 17:56 作出决定
    那么 结论 closure.premature 是 true
    而且 reopen_case 的期限是 2026-07-10 18:55
    当 政策在 2026-07-11 09:30 作出决定
    那么 计划依序包含：
      | 行动              | 关于 | 规则                                 |
      | help_at_once      |      | help-with-what-cannot-wait           |
      | call_back         |      | two-promises-broken                  |
      | reopen_case       |      | an-urgent-case-is-reopened-at-once   |
      | listen_in_private | zhou | listen-first                         |
      | apologise         |      | apologise-for-our-own-fault          |
      | pay_loss          |      | pay-a-loss-that-comes-to-light-later |
      | propose_step_in   |      | take-it-from-the-partner             |
    而且 reopen_case 已逾期
    而且 close_case 被暂缓，依据 closing-is-the-customers-word
    而且 survey 被暂缓，依据 no-survey-before-the-need-is-met
    而且 cool_down 不在计划中
    而且 explain_matter 未被暂缓
    # 两次失信、又提前结案：就是升级失败，正不正式立案都一样。
    而且 convene_review 在计划中，依据 review-after-a-failed-escalation

  场景: 刚提出、还没查过的事，不是“缺乏证据”，先听对方怎么说
    当 政策在 2026-07-11 09:30 作出决定
    那么 false-done 的认定是 unsupported
    而且 hear_other_side（false-done）在计划中，依据 hear-the-other-side
    而且 open_investigation 不在计划中

  场景: 重新立案了，就不再重复；她亲口说好了，才结
    当 beiling 在 2026-07-11T09:40:00+08:00 完成 reopen_case
    而且 政策在 2026-07-11 09:45 作出决定
    那么 reopen_case 不在计划中
    而且 call_back 在计划中，依据 two-promises-broken
    当 得知 customer.need_met 是 true
    而且 政策再次作出决定
    那么 计划依序包含：
      | 行动       | 规则                            |
      | close_case | close-when-the-customer-says-so |

  场景: 负责的人在名单上就是负责人，激动的客户由他一个人联系
    当 得知 parties 中 beiling 的 role 是 case_owner
    而且 核查 beiling 在 2026-07-11 09:30 可否进行 call_back
    那么 裁定是 允许
    当 核查 shunda 在 2026-07-11 09:30 可否进行 call_back
    那么 裁定是 禁止，依据 one-voice-while-feelings-run-high

  场景: 光一张工单：先问人、问是不是投诉、问最晚什么时候要、问情绪
    假如 下列个案：
      """
      id: M2-bare
      facts:
        case.subject: 冰箱冷藏室不制冷
        case.channel: message
        case.opened_at: 2026-07-03T19:20:00+08:00
      """
    当 政策在 2026-07-03 19:30 作出决定
    那么 待问事项正好是：
      | 事实                 | 问谁     | 用于                       |
      | people.at_risk       | customer | somebody-is-at-risk        |
      | case.kind            | agent    | one-owner                  |
      | customer.needed_by   | customer | help-with-what-cannot-wait |
      | customer.temperature | agent    | listen-to-whoever-is-upset |
    当 得知 people.at_risk 是 false
    而且 得知 case.kind 是 complaint
    而且 得知 customer.needed_by 是 2026-07-20T18:00:00+08:00
    而且 得知 customer.temperature 是 calm
    而且 政策再次作出决定
    那么 计划正好是：
      | 行动           | 规则                        |
      | express_regret | care-from-the-first-contact |
      | ask_need       | tell-demand-from-need       |
      | assign_owner   | one-owner                   |
    而且 没有要问的

  场景: 回头看
    当 审查截至 2026-07-11 12:00 的经过
    那么 违规事项正好是：
      | 时间                | 事项                       | 类别      | 规则                                  |
      | 2026-07-03 19:35    | assign_owner               | omitted   | an-owner-within-minutes               |
      | 2026-07-04 12:00    | promises.broken（sat）     | failure   | promise-is-broken                     |
      | 2026-07-04 12:00:01 | help_at_once               | omitted   | help-with-what-cannot-wait            |
      | 2026-07-04 12:15    | call_back                  | omitted   | a-broken-promise-that-presses-goes-up |
      | 2026-07-04 12:30    | make_good_promise（sat）   | omitted   | make-a-late-promise-good              |
      | 2026-07-04 18:10    | bring_forward（visit-2）   | omitted   | the-customers-day-not-the-roster      |
      | 2026-07-08 18:00    | promises.broken（wed）     | failure   | promise-is-broken                     |
      | 2026-07-08 18:30    | make_good_promise（wed）   | omitted   | make-a-late-promise-good              |
      | 2026-07-09 10:40    | answers.is_empty（chased） | failure   | answer-is-empty                       |
      | 2026-07-09 10:40    | tell_to_wait               | forbidden | two-promises-broken                   |
      | 2026-07-10 10:05    | pay_loss                   | omitted   | pay-a-loss-that-comes-to-light-later  |
      | 2026-07-10 17:55    | close_case                 | premature | closing-is-the-customers-word         |
      | 2026-07-10 17:55    | closure.premature          | failure   | closed-without-the-customers-word     |
      | 2026-07-10 18:55    | reopen_case                | omitted   | an-urgent-case-is-reopened-at-once    |
      | 2026-07-11 09:00    | survey                     | premature | no-survey-before-the-need-is-met      |
    而且 另有：
      | 时间                | 事项                        | 类别    | 规则                                         | 原因                                       |
      | 2026-07-03 19:35    | ask_about_injuries          | omitted | somebody-is-at-risk                          | 从头到尾没有人问过老人现在有没有能用的药   |
      | 2026-07-03 19:50    | express_regret              | omitted | a-human-word-within-minutes                  | 八天里没有一句关心的话                     |
      | 2026-07-04 12:15    | take_upstairs               | omitted | a-broken-promise-that-presses-goes-up        | 头一次失约就没有人往上报，只换了个日子     |
      | 2026-07-04 15:10    | call_back                   | omitted | they-waited-and-nobody-came                  | 上一次还没做，又多了一次该做的             |
      | 2026-07-05 12:00    | apologise                   | omitted | apologise-for-a-broken-promise               | 失约三次，没有人道过一次歉                 |
      | 2026-07-05 17:00    | promises.broken（sun）      | failure | promise-is-broken                            | 周日的人到了，可是晚了一个半小时           |
      | 2026-07-05 17:15    | call_back                   | omitted | a-broken-promise-that-presses-goes-up        | 上一次还没做，又多了一次该做的             |
      | 2026-07-05 17:15    | take_upstairs               | omitted | a-broken-promise-that-presses-goes-up        | 上一次还没做，又多了一次该做的             |
      | 2026-07-05 17:30    | make_good_promise（sun）    | omitted | a-promise-of-minutes-is-made-good-in-minutes | 晚到的那一个半小时里，没有人打电话说一声   |
      | 2026-07-05 22:50    | bring_forward（visit-3）    | omitted | the-customers-day-not-the-roster             | 药早就不能等了，周三的日子没有人想过往前挪 |
      | 2026-07-06 18:50    | apologise                   | omitted | apologise-for-our-own-fault                  | 上一次还没做，又多了一次该做的             |
      | 2026-07-08 18:15    | call_back                   | omitted | a-broken-promise-that-presses-goes-up        | 上一次还没做，又多了一次该做的             |
      | 2026-07-08 18:15    | take_upstairs               | omitted | a-broken-promise-that-presses-goes-up        | 上一次还没做，又多了一次该做的             |
      | 2026-07-09 11:05    | call_back                   | omitted | they-waited-and-nobody-came                  | 上一次还没做，又多了一次该做的             |
      | 2026-07-09 11:05    | express_regret              | omitted | regret-from-the-first-minute                 | 上一次还没做，又多了一次该做的             |
      | 2026-07-09 18:00    | apologise                   | omitted | apologise-for-a-broken-promise               | 上一次还没做，又多了一次该做的             |
      | 2026-07-09 20:00:01 | help_at_once                | omitted | help-with-what-cannot-wait                   | 上一次还没做，又多了一次该做的             |
      | 2026-07-10 10:05    | answer_question（medicine） | omitted | an-urgent-question-is-answered-within-a-day  | “药钱怎么处理”，没有人答                   |
      | 2026-07-10 10:05    | answer_question（when）     | omitted | an-urgent-question-is-answered-within-a-day  | “到底哪天能修好”，答的是请耐心等待         |
      | 2026-07-10 18:00    | propose_step_in             | omitted | take-it-from-the-partner                     | 网点失信两次，两天了还没换人接手           |
      | 2026-07-10 18:00    | repair_replace_refund       | omitted | mainland-defective-goods                     | 机器是坏的，修、换、退一样也没给           |
