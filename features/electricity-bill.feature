# language: zh-CN
功能: 电费账单
  搬了新家、换了省电家电，两个月的电却从 807 度涨到 1400 度。用户要求周五家里有人时来检查；周四工作人员自己看了看电表，
  打电话说没问题。约定没守住的检查，不算检查；能当场做的测试，第一个电话就该说。

  背景:
    假如 采用内置政策
    而且 所有时间以 Asia/Taipei 为准
    而且 文件“examples/histories/electricity-bill.yaml”中的经过

  场景: 第一个电话就告诉用户怎么自测，而不是让他等下一张账单
    当 政策在 2026-07-06 10:00 作出决定
    那么 offer_test 在计划中，依据 a-test-at-once
    而且 offer_test 的期限是 2026-07-06 10:40
    而且 tell_to_wait 被禁止，依据 no-wait-and-see-for-nothing
    而且 state_cause 被暂缓，依据 no-verdict-without-a-diagnosis
    而且 express_regret 已完成

  场景: 等待看得出结果时，等一等也是建议
    当 在 2026-07-06 10:10 得知 problem.waiting_helps 是 true
    而且 政策在 2026-07-06 10:15 作出决定
    那么 tell_to_wait 未被禁止

  场景: 没按约定做的检查不算数，要照约定重做；重做之前谁也不能下结论
    当 政策在 2026-07-09 15:30 作出决定
    那么 结论 inspections.void（meter）是 true
    而且 inspect（meter）在计划中，依据 inspect-as-agreed
    而且 inspect（meter）的期限是 2026-07-13 18:00
    而且 state_cause 被暂缓，依据 inspect-as-agreed

  场景: 换成自己也不信的答复，重新来过
    当 政策在 2026-07-09 17:00 作出决定
    那么 improve_answer（thrifty）在计划中，依据 would-it-convince-you
    而且 improve_answer（thrifty）的期限是 2026-07-10 18:00

  场景: 用户要考虑到哪天，就等到哪天
    当 得知 customer.decides_by 是 2026-07-20T18:00:00+08:00
    而且 政策在 2026-07-15 10:00 作出决定
    那么 press_customer 被禁止，依据 no-pressure-to-decide
    当 政策在 2026-07-20 18:00 作出决定
    那么 press_customer 未被禁止

  场景: 两天没有人回话，就要打电话
    当 政策在 2026-07-08 12:00 作出决定
    那么 call_back 在计划中，依据 silence-is-loss

  场景: 回头看
    当 审查截至 2026-07-20 18:00 的经过
    那么 违规事项正好是：
      | 时间             | 事项                      | 类别      | 规则                               |
      | 2026-07-06 10:40 | offer_test                | late      | a-test-at-once                     |
      | 2026-07-09 15:00 | inspections.void（meter） | failure   | an-inspection-that-broke-its-terms |
      | 2026-07-09 16:00 | state_cause               | premature | inspect-as-agreed                  |
      | 2026-07-09 16:05 | tell_to_wait              | forbidden | no-wait-and-see-for-nothing        |
      | 2026-07-10 18:00 | improve_answer（thrifty） | omitted   | would-it-convince-you              |
      | 2026-07-13 18:00 | inspect（meter）          | omitted   | inspect-as-agreed                  |
    而且 另有：
      | 时间             | 事项      | 类别    | 规则                                 | 原因                                           |
      | 2026-07-07 18:00 | note_answer_time | omitted | no-open-end | 当天有人接了电话，没有说哪天答复 |
      | 2026-07-09 09:40 | call_back | omitted | the-first-silence-ends-in-three-days | 投诉之后三天没有一句话，直到他们自己去看了电表 |
