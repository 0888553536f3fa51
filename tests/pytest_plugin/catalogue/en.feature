Feature: Every step, in English

  Scenario: A full decision
    Given all times are in Asia/Taipei
    And the case in "decision.yaml"
    And these facts:
      | customer.need | a new top |
      | customer.x    | 12        |
    And these charges
      | id | amount | at               |
      | c1 | 800    | 2026-03-01 10:00 |
    And there are no losses
    And these acts
      | action | by    | at               | amount |
      | pay    | sales | 2026-03-01 10:00 | 3      |
    When it becomes known that customer.good_faith is bad
    And it becomes known that the amount of c1 in charges is 900
    And at 2026-03-01 09:00 it becomes known that customer.good_faith is bad
    And customer.x is not known
    And the amount of c1 in charges is not known
    And call_back about s1 is done by care_line at 2026-03-01 10:05
    And the policy decides at 2026-03-01 10:00
    And the policy decides again
    Then waive_charge about c1 is planned because of r-waive and r-two
    And its reasons are exactly
      | rule    | principle | source |
      | r-two   | settle    | S0     |
      | r-waive | settle    | S3     |
    And its reasons include
      | rule  |
      | r-two |
    And call_back about s1 is planned because of r-call and r-wait
    And survey is not planned
    And dun_customer about c1 is forbidden because of r-waive
    And dun_customer about c2 is not forbidden
    And offer_gift by sales is wanted but forbidden because of r-gift
    And offer_gift by legal is not forbidden
    And pay_loss is held because of r-hold
    And it needs cause.product_at_fault
    And it waits for read_report
    And its reasons are exactly
      | rule   | effect    | undecided |
      | r-hold | hold      | false     |
      | r-pay  | recommend | true      |
    And pay_loss about case is wanted but held because of r-hold
    And pay_loss is not overdue
    And call_back is not held
    And express_regret is done
    And call_back is not done
    And the amount of waive_charge about c1 is 800
    And the amount of waive_charge about c1 is 800 TWD
    And the note of waive_charge is unknown
    And call_back about s1 is due at 2026-03-01 10:30
    And call_back is due within 30 minutes
    And waive_charge has no due time
    And call_back is overdue
    And waive_charge is not overdue
    And waive_charge lacks note
    And call_back is complete
    And the plan is exactly
      | action       | about | rule           | due              | within     | amount | overdue |
      | call_back    | s1    | r-call         | 2026-03-01 10:30 | 30 minutes |        | true    |
      | waive_charge | c1    | r-waive, r-two | null             |            | 800    | false   |
    And the plan starts with
      | action    |
      | call_back |
    And the plan includes in this order:
      | action       |
      | call_back    |
      | waive_charge |
    And the plan includes
      | action       | owner      | incomplete |
      | waive_charge | case_owner | note       |
    And the plan does not include
      | action |
      | survey |
    And the done steps are exactly
      | action         | by        | at               |
      | express_regret | care_line | 2026-03-01 09:00 |
    And the prohibitions are exactly
      | action       | wanted | by    |
      | offer_gift   | true   | sales |
      | dun_customer |        |       |
    And the prohibitions on wanted steps are exactly
      | action     |
      | offer_gift |
    And the holds include
      | action   | until       | needs                  | rule   |
      | pay_loss | read_report | cause.product_at_fault | r-hold |
    And the questions are exactly
      | cause.product_at_fault |
      | claim.by               |
    And the findings are exactly
      | c1 | established |
      | c2 | one_sided   |
    And the conclusions include
      | escalation.failed | true |
    And the first question is cause.product_at_fault
    And claim.by about c2 is asked
    And claim.by about c4 is not asked
    And product.secured is not asked
    And the phase is settle
    And the finding on c1 is established
    And it is concluded that escalation.failed is true
    And it is concluded that promise.broken about p1 is true
    And it is not concluded that promise.broken about p2 is true
    And it is not concluded that customer.tone is cold
    And the next review is at 2026-03-01 10:30

  Scenario: A case of which nothing is known
    Given a case "T-2" in TWD
    When the policy decides at 2026-03-01T10:00:00+08:00
    Then the plan is empty
    And the holds are empty
    And nothing is asked
    And the phase is none
    And there is no next review

  Scenario: A case written as YAML
    Given this case
      """
      id: T-3
      decision: {phase: calm}
      """
    When the policy decides at "2026-03-01T10:00:00+08:00"
    Then the phase is "calm"

  Scenario: A verdict
    Given the case in "decision.yaml"
    When it is checked whether somebody may see_order_through at 2026-03-01T10:00:00+08:00
    Then the verdict is allowed
    When it is checked whether care_line may offer_gift about c1 at 2026-03-01T10:00:00+08:00
      | parameter | value |
      | amount    | 3     |
    Then the verdict is held because of r-gift and r-calm
    And it needs customer.wants_money
    And it waits for answer_question
    And its reasons include
      | rule   | effect | undecided |
      | r-gift | forbid | true      |
    And the steps to do instead are exactly
      | action          | about | owner      |
      | answer_question | q1    | case_owner |

  Scenario: What went wrong
    Given the history in "history.yaml"
    And all times are in Asia/Taipei
    When at 2026-03-01 10:00 it becomes known that the amount of c1 in charges is 900
    And the history is audited until 2026-03-03 10:00
    Then the breaches are exactly
      | at               | what                  | kind      | by   | rule     | known_from       |
      | 2026-03-01 10:00 | dun_customer about c1 | forbidden | shop | r-waive  | 2026-03-01 09:00 |
      | 2026-03-02 10:30 | escalation.failed     | failure   |      | r-failed |                  |
    And also
      | at               | what               | kind | done_at          | rule   | why                            |
      | 2026-03-01 10:30 | call_back about s1 | late | 2026-03-01 12:00 | r-call | The account does not say when. |
    And the unverified acts are exactly
      | what     | rule   |
      | pay_loss | r-hold |
    And the breaches do not include
      | what       |
      | offer_gift |

  Scenario: Later
    Given this case
      """
      id: T-4
      history:
        - at: 2026-03-01T00:00:00Z
          charges: [{id: c1}]
      """
    And all times are in Asia/Taipei
    When call_back is done by care_line at 2026-03-01 10:00
    And 45 minutes later survey is done by sales
    And 1 hour later it becomes known that customer.need is rest
    And 1 hour later it becomes known that the amount of c1 in charges is 900
    And 15 minutes later it is checked whether somebody may survey
    And 2 hours later the policy decides
    Then there is no next review
