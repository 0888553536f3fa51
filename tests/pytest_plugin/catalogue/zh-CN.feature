# language: zh-CN
功能: 每一个步骤，以简体中文

  场景: 完整的决定
    假如 所有时间以 Asia/Taipei 为准
    而且 文件“decision.yaml”中的个案
    而且 下列事实：
      | customer.need | 换一片 |
    而且 下列 charges
      | id | amount |
      | c1 | 800    |
    而且 没有任何 losses
    而且 下列行动
      | 行动 | 由谁  | 时间             |
      | pay  | sales | 2026-03-01 10:00 |
    当 得知 customer.good_faith 是 bad
    而且 得知 charges 中 c1 的 amount 是 900
    而且 在 2026-03-01 09:00 得知 customer.good_faith 是 bad
    而且 customer.good_faith 尚不清楚
    而且 charges 中 c1 的 amount 尚不清楚
    而且 care_line 在 2026-03-01 10:05 完成 call_back（s1）
    而且 政策在 2026-03-01 10:00 作出决定
    而且 政策再次作出决定
    那么 waive_charge（c1）在计划中，依据 r-waive、r-two
    而且 其理由正好是
      | 规则    | 原则   | 来源 |
      | r-two   | settle | S0   |
      | r-waive | settle | S3   |
    而且 其理由包含
      | 规则  |
      | r-two |
    而且 call_back（s1）在计划中，依据 r-call 和 r-wait
    而且 survey 不在计划中
    而且 dun_customer（c1）被禁止，依据 r-waive
    而且 dun_customer（c2）未被禁止
    而且 offer_gift 原本建议却被禁止，依据 r-gift
    而且 由 legal 进行 offer_gift 未被禁止
    而且 pay_loss 被暂缓，依据 r-hold
    而且 须先得知 cause.product_at_fault
    而且 须先完成 read_report
    而且 其理由正好是
      | 规则   | 作用      | 未定  |
      | r-hold | hold      | false |
      | r-pay  | recommend | true  |
    而且 pay_loss（全案）原本建议但被暂缓，依据 r-hold
    而且 pay_loss 尚未逾期
    而且 call_back 未被暂缓
    而且 express_regret 已完成
    而且 call_back（s1）尚未完成
    而且 waive_charge（c1）的 amount 是 800
    而且 waive_charge（c1）的 note 是 未知
    而且 call_back（s1）的期限是 2026-03-01 10:30
    而且 call_back 须在 30 分钟内完成
    而且 waive_charge 须在 1 个工作日内完成
    而且 waive_charge 没有期限
    而且 call_back 已逾期
    而且 waive_charge 尚未逾期
    而且 waive_charge 尚缺 note
    而且 call_back 信息齐备
    而且 计划正好是
      | 行动         | 关于 | 规则           | 期限             | 时限       | amount | 逾期  |
      | call_back    | s1   | r-call         | 2026-03-01 10:30 | 30 分钟    |        | true  |
      | waive_charge | c1   | r-waive、r-two | null             | 1 个工作日 | 800    | false |
    而且 计划开头是
      | 行动      |
      | call_back |
    而且 计划依次包含：
      | 行动         |
      | call_back    |
      | waive_charge |
    而且 计划包含
      | 行动         | 负责人     | 尚缺 |
      | waive_charge | case_owner | note |
    而且 计划不包含
      | 行动   |
      | survey |
    而且 已完成步骤正好是
      | 行动           | 由谁      | 时间             |
      | express_regret | care_line | 2026-03-01 09:00 |
    而且 禁止事项正好是
      | 行动         | 原本建议 |
      | offer_gift   | true     |
      | dun_customer |          |
    而且 原本建议却被禁止的事项正好是
      | 行动       |
      | offer_gift |
    而且 暂缓事项包含
      | 行动     | 直到        | 须先得知               | 规则   |
      | pay_loss | read_report | cause.product_at_fault | r-hold |
    而且 原本建议但被暂缓的事项正好是
      | 行动     |
      | pay_loss |
    而且 待问事项正好是
      | cause.product_at_fault |
      | claim.by               |
    而且 认定正好是
      | c1 | established |
      | c2 | one_sided   |
    而且 结论包含
      | escalation.failed | true |
    而且 第一个要问的是 cause.product_at_fault
    而且 要问 claim.by（c2）
    而且 不问 claim.by（c4）
    而且 不问 product.secured
    而且 当前阶段是 settle
    而且 c1 的认定是 established
    而且 结论 escalation.failed 是 true
    而且 结论 promise.broken（p1）是 true
    而且 未得出结论 promise.broken（p2）是 true
    而且 未得出结论 customer.tone 是 cold
    而且 下次检视时间是 2026-03-01 10:30

  场景: 一无所知的个案
    假如 有一宗个案“T-1”，币种为 TWD
    当 政策在 2026-03-01T10:00:00+08:00 作出决定
    那么 计划是空的
    而且 没有要问的
    而且 当前阶段是无
    而且 无须再检视

  场景: 以 YAML 写成的个案
    假如 下列个案
      """
      id: T-3
      decision: {phase: calm}
      """
    当 政策在“2026-03-01T10:00:00+08:00”作出决定
    那么 当前阶段是“calm”

  场景: 裁定
    假如 文件“decision.yaml”中的个案
    当 核查 任何人 在 2026-03-01T10:00:00+08:00 可否进行 see_order_through
    那么 裁定是 允许
    当 核查 care_line 在 2026-03-01T10:00:00+08:00 可否进行 offer_gift（c1）
      | 参数   | 值 |
      | amount | 3  |
    那么 裁定是 暂缓，依据 r-gift、r-calm
    而且 须先得知 customer.wants_money
    而且 须先完成 answer_question
    而且 其理由包含
      | 规则   | 作用   | 未定 |
      | r-gift | forbid | true |
    而且 改做的步骤正好是
      | 行动            | 关于 | 负责人     |
      | answer_question | q1   | case_owner |

  场景: 哪里出了错
    假如 文件“history.yaml”中的经过
    而且 所有时间以 Asia/Taipei 为准
    当 在 2026-03-01 10:00 得知 charges 中 c1 的 amount 是 900
    而且 审查截至 2026-03-03 10:00 的经过
    那么 违规事项正好是
      | 时间             | 事项               | 类别      | 由谁 | 规则     | 可知时间         |
      | 2026-03-01 10:00 | dun_customer（c1） | forbidden | shop | r-waive  | 2026-03-01 09:00 |
      | 2026-03-02 10:30 | escalation.failed  | failure   |      | r-failed |                  |
    而且 另有
      | 时间             | 事项            | 类别 | 完成时间         | 规则   | 原因               |
      | 2026-03-01 10:30 | call_back（s1） | late | 2026-03-01 12:00 | r-call | 原文没有说是几点。 |
    而且 无从核实的行动正好是
      | 事项     | 规则   |
      | pay_loss | r-hold |
    而且 违规事项不包含
      | 事项       |
      | offer_gift |

  场景: 之后
    假如 下列个案
      """
      id: T-4
      history:
        - at: 2026-03-01T00:00:00Z
          charges: [{id: c1}]
      """
    而且 所有时间以 Asia/Taipei 为准
    当 care_line 在 2026-03-01 10:00 完成 call_back
    而且 45 分钟后 sales 完成 survey
    而且 1 小时后得知 customer.need 是 休息
    而且 1 小时后得知 charges 中 c1 的 amount 是 900
    而且 15 分钟后核查任何人可否进行 survey
    而且 2 小时后政策作出决定
    那么 无须再检视
