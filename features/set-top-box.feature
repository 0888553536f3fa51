Feature: The set-top box
  After power cuts the remote stops. Three telephone numbers, a whole day of engaged lines, a verdict without a diagnosis,
  a dare and a receiver put down. The customer fixes it himself, and is then called four times by three organisations.

  Background:
    Given the built-in policy
    And all times are in Asia/Taipei
    And the history in "examples/histories/set-top-box.yaml"

  Scenario: One owner, one remedy by telephone, and nobody sends the customer on
    When the policy decides at 2026-06-02 09:05
    Then assign_owner is planned because of one-owner
    And give_remedy about re-pair is planned because of remedy-before-visit
    And give_remedy about re-pair is due at 2026-06-02 10:00
    And send_visit is held because of remedy-before-visit
    And speak_for_customer about to-maker is planned because of make-the-call-for-them
    And agree_process is planned because of agree-it-between-yourselves
    And send_elsewhere is forbidden because of never-the-messenger
    And state_cause is held because of no-verdict-without-a-diagnosis
    And it needs problem.diagnosed
    And ask_need is planned because of tell-demand-from-need

  Scenario: A remedy that does not fit does not keep the visit waiting
    When at 2026-06-02 09:10 it becomes known that the fits of re-pair in known_remedies is false
    And the policy decides at 2026-06-02 09:15
    Then send_visit is not held

  Scenario: An engaged line is called back without a complaint
    When the policy decides at 2026-06-02 09:35
    Then call_back is not planned
    When the policy decides at 2026-06-02 11:05
    Then call_back is planned because of nobody-gets-through
    And call_back is due at 2026-06-02 13:00

  Scenario: Two tickets become one case; twice passed on is enough
    When the policy decides at 2026-06-02 17:20
    Then merge_tickets is planned because of bring-the-tickets-together
    And speak_for_customer about to-shop is planned because of make-the-call-for-them
    And hand_over is forbidden because of never-just-passed-on
    And change_process is planned because of change-what-let-it-happen

  Scenario: The visit belongs to the customer's need
    When the policy decides at 2026-06-03 10:06
    Then bring_forward about visit is planned because of the-customers-day-not-the-roster
    And bring_forward about visit is due at 2026-06-03 14:00
    And help_at_once is planned because of help-with-what-cannot-wait
    And assign_owner is planned because of an-owner-within-minutes
    And dare_to_complain is forbidden because of never-dare-anybody-to-complain
    And hang_up is forbidden because of never-hang-up

  Scenario: After the dare and the hang-up, he is taken to be upset
    When the policy decides at 2026-06-03 11:00
    Then it is concluded that parties.heated about viewer is true
    And the conclusions include
      | fact           | about  | value |
      | parties.heated | viewer | true  |
    And listen_in_private about viewer is planned because of listen-first
    And call_back by brand_owner is forbidden because of one-voice-while-feelings-run-high

  Scenario: It is solved: tell everybody, cancel everything, call nobody
    When the policy decides at 2026-06-03 21:15
    Then the plan is exactly
      | action             | about | rule                             |
      | cancel_appointment | visit | cancel-what-is-no-longer-needed  |
      | tell_party         | maker | tell-everybody-that-it-is-solved |
      | tell_party         | shop  | tell-everybody-that-it-is-solved |
    And call_back is forbidden because of no-calls-after-it-is-solved
    But apologise by case_owner is not forbidden
    And confirm_need is not planned

  Scenario: Solved by us, one call asks whether all is well
    Given this case
      """
      facts: {case.owner: case_owner, problem.solved_at: 2026-06-03T21:00:00+08:00, problem.solved_by: field_service}
      """
    When the policy decides at 2026-06-03 21:15
    Then the plan is exactly
      | action       | rule                         |
      | confirm_need | ask-once-whether-all-is-well |
    And confirm_need is due at 2026-06-05 18:00

  Scenario: Only a caller who threatens may be told that the call ends
    When at 2026-06-03 10:06 it becomes known that customer.abusive is true
    And the policy decides at 2026-06-03 10:06
    Then hang_up is not forbidden
    And open_investigation is planned because of take-down-what-happened

  Scenario: A note from which a colleague can take over
    Given this case
      """
      facts: {case.owner: case_owner, customer.need: to watch television, product.in_warranty: false}
      contacts: [{id: first, made_by: customer, made_to: frontline, at: 2026-06-02T09:00:00+08:00, outcome: reached, noted: false}]
      """
    When the policy decides at 2026-06-02 09:30
    Then record_contact about first is planned because of a-note-that-a-colleague-can-work-from
    And tell_what_was_tried is planned because of tell-what-was-tried

  Scenario: Looking back
    When the history is audited until 2026-06-08 18:00
    Then the breaches are exactly
      | at               | what                              | kind      | rule                             |
      | 2026-06-02 09:00 | send_elsewhere                    | forbidden | never-the-messenger              |
      | 2026-06-02 10:00 | give_remedy about re-pair         | omitted   | remedy-before-visit              |
      | 2026-06-02 10:00 | speak_for_customer about to-maker | omitted   | make-the-call-for-them           |
      | 2026-06-02 13:00 | call_back                         | late      | nobody-gets-through              |
      | 2026-06-02 17:16 | state_cause                       | premature | no-verdict-without-a-diagnosis   |
      | 2026-06-02 17:18 | send_elsewhere                    | forbidden | never-the-messenger              |
      | 2026-06-02 18:18 | speak_for_customer about to-shop  | omitted   | make-the-call-for-them           |
      | 2026-06-03 10:06 | dare_to_complain                  | forbidden | never-dare-anybody-to-complain   |
      | 2026-06-03 10:07 | hang_up                           | forbidden | never-hang-up                    |
      | 2026-06-03 14:00 | bring_forward about visit         | omitted   | the-customers-day-not-the-roster |
      | 2026-06-03 18:00 | agree_process                     | omitted   | agree-it-between-yourselves      |
      | 2026-06-03 18:00 | note_answer_time                  | omitted   | no-open-end                      |
      | 2026-06-03 22:00 | cancel_appointment about visit    | omitted   | cancel-what-is-no-longer-needed  |
      | 2026-06-03 22:00 | tell_party about maker            | omitted   | tell-everybody-that-it-is-solved |
      | 2026-06-03 22:00 | tell_party about shop             | omitted   | tell-everybody-that-it-is-solved |
      | 2026-06-04 09:30 | call_back                         | forbidden | no-calls-after-it-is-solved      |
      | 2026-06-04 11:00 | call_back                         | forbidden | no-calls-after-it-is-solved      |
      | 2026-06-05 10:30 | call_back                         | forbidden | no-calls-after-it-is-solved      |
      | 2026-06-05 15:00 | call_back                         | forbidden | no-calls-after-it-is-solved      |
    And also
      | at               | what           | kind    | rule                        | why                                                        |
      | 2026-06-02 13:00 | assign_owner   | omitted | one-owner                   | three organisations, and the customer was in charge        |
      | 2026-06-02 16:00 | call_back      | late    | nobody-gets-through         | asked for once more while the first was still open         |
      | 2026-06-03 10:20 | assign_owner   | omitted | an-owner-within-minutes     | asked for once more while the first was still open         |
      | 2026-06-03 12:15 | merge_tickets  | omitted | bring-the-tickets-together  | two tickets by the evening, and neither side saw the other |
      | 2026-06-03 18:00 | express_regret | omitted | care-from-the-first-contact | in two days nobody had a word of sympathy                  |
