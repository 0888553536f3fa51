Feature: Any complaint, whoever tells it
  The rules are tied to the kind of situation and not to the story that they came from. Each scenario is the smallest
  case of its kind.

  Background:
    Given the built-in policy
    And all times are in Asia/Taipei

  Scenario Outline: What nobody may do to a furious customer who needs it tonight
    Given a case in TWD
    And this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, customer.temperature: furious, customer.needed_by: 2026-03-02T22:00:00+08:00}
      """
    When it is checked whether frontline may <act> at 2026-03-02 10:00
    Then the verdict is forbidden because of <rule>

    Examples:
      | act              | rule                           |
      | deny_service     | never-take-service-away        |
      | tell_to_wait     | no-wait-and-see-for-nothing    |
      | hand_over        | never-just-passed-on           |
      | explain_away     | no-excuses                     |
      | demand_procedure | no-procedure-for-its-own-sake  |
      | send_form_letter | no-form-letter-to-a-complaint  |
      | take_sides       | stay-neutral-while-inquiring   |
      | argue_with_data  | no-data-before-they-are-calm   |
      | press_customer   | no-pressure-to-decide          |
      | send_elsewhere   | never-the-messenger            |
      | dare_to_complain | never-dare-anybody-to-complain |
      | ask_to_withdraw  | never-dare-anybody-to-complain |

  Scenario Outline: The same acts where an exception is known
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00}
      """
    When it becomes known that <fact> is <value>
    And it is checked whether frontline may <act> at 2026-03-02 10:00
    Then the verdict is allowed

    Examples:
      | act             | fact                  | value                     |
      | deny_service    | refusal.holds         | true                      |
      | tell_to_wait    | problem.waiting_helps | true                      |
      | hand_over       | handover.arranged     | true                      |
      | press_customer  | customer.decides_by   | 2026-03-01T18:00:00+08:00 |

  Scenario: Figures do not have to wait for a customer who is known to be calm
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00}
      """
    When it becomes known that customer.temperature is calm
    And the policy decides at 2026-03-02 10:00
    Then argue_with_data is not forbidden

  Scenario: An exception that is not known is none
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00}
      """
    When problem.waiting_helps is not known
    And it is checked whether frontline may tell_to_wait at 2026-03-02 10:00
    Then the verdict is forbidden because of no-wait-and-see-for-nothing

  Scenario: Our error is established and the need is known: put it right
    Given this case
      """
      facts:
        case.opened_at: 2026-03-02T09:00:00+08:00
        case.owner: case_owner
        cause.product_at_fault: true
        customer.need: her season ticket, cancelled by our mistake, valid again
      """
    When the policy decides at 2026-03-02 10:00
    Then put_right is planned because of put-it-right
    And apologise is planned because of apologise-for-our-own-fault
    When put_right is done by case_owner at 2026-03-02T10:30:00+08:00
    And the policy decides at 2026-03-02 11:00
    Then put_right is done

  Scenario: What was rightly asked is done, and nothing more is asked or assumed
    Given this case
      """
      facts: {case.kind: request, case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, customer.demand: end my contract today}
      """
    When the policy decides at 2026-03-02 10:00
    Then the plan is exactly
      | action            | rule                      |
      | do_what_was_asked | do-what-was-rightly-asked |
    And do_what_was_asked is due at 2026-03-03 18:00
    And nothing is asked
    When it is checked whether frontline may deny_service at 2026-03-02 10:00
    Then the verdict is forbidden because of never-take-service-away
    When it becomes known that request.legitimate is false
    And the policy decides again
    Then do_what_was_asked is not planned

  Scenario: What can be undone is undone, and a wrong document is issued again
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, cause.product_at_fault: true, fault.can_be_undone: true, document.wrong: true}
      """
    When the policy decides at 2026-03-02 10:00
    Then undo_it is planned because of undo-what-can-be-undone
    And reissue_document is planned because of issue-the-document-again
    And put_right is not planned

  Scenario: A replacement is lent while we have the customer's own
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, product.needed_meanwhile: true}
      """
    When the policy decides at 2026-03-02 10:00
    Then lend_replacement is planned because of lend-one-meanwhile
    When it becomes known that product.returned_at is 2026-03-02T09:30:00+08:00
    And the policy decides again
    Then lend_replacement is not planned

  Scenario: What was lost is searched for, and what was found is brought back
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00}
      lost_things: [{id: bag, what: a suitcase, reported_at: 2026-03-02T09:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then search_for_it about bag is planned because of search-for-what-was-lost
    And search_for_it about bag is due at 2026-03-02 11:00
    When it becomes known that the found_at of bag in lost_things is 2026-03-02T11:00:00+08:00
    And the policy decides at 2026-03-02 12:00
    Then search_for_it about bag is not planned
    And bring_it_back about bag is planned because of bring-back-what-was-found
    And bring_it_back about bag is due at 2026-03-03 18:00

  Scenario: Evident damage leads to paying what it cost
    Given a case in TWD
    And this case
      """
      currency: TWD
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner}
      damages: [{id: d, evident: true, caused_by: carrier, reported_at: 2026-03-02T09:00:00+08:00}]
      losses: [{id: l, amount: 900, connected: true}]
      """
    When the policy decides at 2026-03-02 10:00
    Then pay_loss is planned because of pay-the-loss-of-plain-damage
    And pay_loss is due at 2026-03-03 18:00
    And the amount of pay_loss is 900 TWD

  Scenario: An open question holds presents, never what we owe
    Given this case
      """
      currency: TWD
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00}
      charges: [{id: fee, kind: service, amount: 500, our_error: true, disputed_at: 2026-03-02T09:00:00+08:00}]
      questions: [{id: q, asked_by: customer, asked_at: 2026-03-02T09:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then waive_charge about fee is planned because of give-back-what-our-error-cost
    And waive_charge about fee is due at 2026-03-03 18:00

  Scenario: An open question, and nothing owed: no present in its place
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, customer.wants_money: true, customer.need: to know why}
      questions: [{id: q, asked_by: customer, asked_at: 2026-03-02T09:00:00+08:00}]
      """
    When it is checked whether case_owner may offer_gift at 2026-03-02 10:00
    Then the verdict is held because of answer-before-paying

  Scenario: A fee that was paid and is disputed is checked
    Given this case
      """
      currency: TWD
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00}
      charges: [{id: fee, kind: service, amount: 500, open: false, disputed: true, disputed_at: 2026-03-02T09:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then check_charge about fee is planned because of check-what-is-disputed
    And check_charge about fee is due at 2026-03-04 18:00

  Scenario: A fee that was paid through our error is given back
    Given this case
      """
      currency: TWD
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00}
      charges: [{id: fee, kind: service, amount: 500, open: false, our_error: true}]
      """
    When the policy decides at 2026-03-02 10:00
    Then waive_charge about fee is planned because of give-back-what-our-error-cost
    And check_charge is not planned

  Scenario Outline: Failing again and again is a failed escalation, formal or not, calm or not
    Given this case
      """
      currency: TWD
      facts: {case.opened_at: 2026-02-20T09:00:00+08:00, case.owner: case_owner, customer.temperature: calm}
      <rest>
      """
    When the policy decides at 2026-03-02 10:00
    Then convene_review is planned because of review-after-a-failed-escalation
    And it is concluded that escalation.failed is true

    Examples:
      | rest                                                                                                                                                                    |
      | promises: [{id: a, promised_by: case_owner, due_at: 2026-02-27T12:00:00+08:00}, {id: b, promised_by: case_owner, due_at: 2026-02-28T12:00:00+08:00}, {id: c, promised_by: case_owner, due_at: 2026-03-01T12:00:00+08:00}] |
      | charges: [{id: a, amount: 90, our_error: true}, {id: b, amount: 90, our_error: true}, {id: c, amount: 90, our_error: true}]                                               |

  Scenario: Taken upstairs, and failed there as well
    Given this case
      """
      facts: {case.opened_at: 2026-02-20T09:00:00+08:00}
      acts: [{action: take_upstairs, by: case_owner, at: 2026-02-25T09:00:00+08:00}]
      promises: [{id: a, promised_by: brand_owner, due_at: 2026-03-01T12:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then convene_review is planned because of review-after-a-failed-escalation

  Scenario: A fault that came back, closed over the customer's head
    Given this case
      """
      facts: {case.opened_at: 2026-02-20T09:00:00+08:00, problem.repeated: true}
      acts: [{action: close_case, by: partner, at: 2026-02-27T10:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then convene_review is not planned
    Given this case
      """
      facts: {case.opened_at: 2026-02-20T09:00:00+08:00, problem.repeated: true}
      acts:
        - {action: take_upstairs, by: case_owner, at: 2026-02-24T10:00:00+08:00}
        - {action: close_case, by: partner, at: 2026-02-27T10:00:00+08:00}
      """
    When the policy decides at 2026-03-02 10:00
    Then convene_review is planned because of review-after-a-failed-escalation
    And reopen_case is planned because of premature-closure-is-undone

  Scenario: Once is no failed escalation
    Given this case
      """
      facts: {case.opened_at: 2026-02-20T09:00:00+08:00}
      promises: [{id: a, promised_by: case_owner, due_at: 2026-03-01T12:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then convene_review is not planned

  Scenario: Not satisfied after the solution: it is open again
    Given this case
      """
      facts: {case.opened_at: 2026-02-20T09:00:00+08:00, problem.solved_at: 2026-03-01T09:00:00+08:00, customer.satisfied: false}
      """
    When the policy decides at 2026-03-02 10:00
    Then it is concluded that problem.back is true
    And call_back is planned because of speak-to-whoever-is-not-satisfied
    And call_back is not forbidden
    And confirm_need is not planned

  Scenario: A signal after the solution is answered like any other
    Given this case
      """
      facts: {case.opened_at: 2026-02-20T09:00:00+08:00, problem.solved_at: 2026-03-01T09:00:00+08:00}
      signals: [{id: s, kind: media, at: 2026-03-02T09:30:00+08:00}]
      """
    When the policy decides at 2026-03-02 09:40
    Then call_back is planned because of call-back-on-a-risk-signal
    And express_regret is planned because of soothe-on-a-risk-signal

  Scenario Outline: Once it is solved, nobody is sent any more
    Given this case
      """
      facts: {case.opened_at: 2026-02-20T09:00:00+08:00, problem.solved_at: 2026-03-01T09:00:00+08:00}
      """
    When it is checked whether field_service may <act> at 2026-03-02 10:00
    Then the verdict is forbidden because of nobody-is-sent-any-more

    Examples:
      | act            |
      | send_visit     |
      | inspect        |
      | go_to_customer |

  Scenario: The technician at the door of a customer whose problem is solved
    Given this case
      """
      history:
        - at: 2026-03-01T09:00:00+08:00
          facts: {case.opened_at: 2026-02-20T09:00:00+08:00, case.owner: case_owner, case.kind: request, problem.solved_at: 2026-03-01T09:00:00+08:00, problem.solved_by: customer}
          appointments: [{id: visit, arranged_by: field_service, kind: visit, at: 2026-03-02T09:00:00+08:00, state: pending}]
        - at: 2026-03-02T09:10:00+08:00
          appointments: [{id: visit, state: kept}]
      """
    When the history is audited until 2026-03-03 10:00
    Then the breaches include
      | what                               | kind    | rule                                  |
      | cancel_appointment about visit     | omitted | cancel-what-is-no-longer-needed       |
      | appointments.needless about visit  | failure | an-appointment-that-nobody-called-off |

  Scenario: A ticket that somebody closed is not a solved problem
    Given this case
      """
      facts: {case.opened_at: 2026-02-20T09:00:00+08:00, case.ticket_closed_at: 2026-03-02T09:00:00+08:00}
      """
    When the policy decides at 2026-03-02 10:00
    Then confirm_need is planned because of a-closed-ticket-is-not-a-solved-problem
    And it is not concluded that closure.premature is true

  Scenario: The reason for a refusal that does not hold
    Given this case
      """
      currency: TWD
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, cause.product_at_fault: true, cause.established_at: 2026-03-02T09:00:00+08:00, refusal.reason: not reported within 24 hours}
      losses: [{id: l, amount: 900, connected: true}]
      """
    When the policy decides at 2026-03-02 10:00
    Then pay_loss is planned because of pay-all-connected-loss
    And refuse is not planned
    And refuse is forbidden because of no-refusal-against-our-own-fault

  Scenario: A point that is disproved, and told
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00}
      claims: [{id: twice, made_by: customer, against: frontline, answered: true, answered_at: 2026-03-02T09:30:00+08:00}]
      evidence: [{id: log, claim: twice, kind: system_record, stance: contradicts, direct: true}]
      """
    When the policy decides at 2026-03-02 10:00
    Then the finding on twice is refuted
    And explain_matter is planned because of tell-what-was-found
    And explain_matter is due at 2026-03-03 09:30
    And disclose_unjudged is not planned

  Scenario: Bad faith: no money, no waiting for calm, a reasoned refusal
    Given this case
      """
      currency: TWD
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, customer.good_faith: bad, refusal.reason: the seal was broken by the customer}
      parties: [{id: c, role: customer, temperature: furious, upset_since: 2026-03-02T09:00:00+08:00}]
      losses: [{id: l, amount: 900, connected: true}]
      """
    When the policy decides at 2026-03-02 10:00
    Then refuse is planned because of refuse-clearly
    And quote_law is planned because of set-out-the-law-in-bad-faith
    And pay_loss is wanted but forbidden because of nothing-for-bad-faith
    And offer_compensation is forbidden because of nothing-for-bad-faith
    And repair_replace_refund is forbidden because of nothing-for-bad-faith
    And offer_options is not planned

  Scenario Outline: It presses at whatever hour
    Given this case
      """
      facts: {case.opened_at: 2026-02-28T22:00:00+08:00}
      """
    When it becomes known that <fact> is <value>
    And the policy decides at 2026-02-28 22:05
    Then assign_owner is planned because of <rule>
    And assign_owner is due at 2026-02-28 22:15

    Examples:
      | fact                 | value                     | rule                         |
      | people.injured       | true                      | an-owner-within-minutes      |
      | case.urgent_since    | 2026-02-28T21:00:00+08:00 | an-owner-within-minutes      |
      | customer.temperature | furious                   | an-owner-when-it-boils-over  |

  Scenario: Three hands in an hour
    Given this case
      """
      facts: {case.opened_at: 2026-02-28T22:00:00+08:00}
      hand_offs:
        - {id: a, at: 2026-02-28T22:10:00+08:00}
        - {id: b, at: 2026-02-28T22:30:00+08:00}
        - {id: c, at: 2026-02-28T22:50:00+08:00}
      """
    When the policy decides at 2026-02-28 22:55
    Then assign_owner is planned because of an-owner-when-it-boils-over

  Scenario: A hand-off whose contact was reached needs no call for the customer
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00}
      hand_offs: [{id: h, at: 2026-03-02T09:10:00+08:00, customer_must_call: true, reached: true}]
      """
    When the policy decides at 2026-03-02 10:00
    Then speak_for_customer is not planned

  Scenario: A promise that was replaced is not made good twice
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00}
      promises:
        - {id: first, promised_by: case_owner, due_at: 2026-03-02T09:30:00+08:00, replaced_by: second}
        - {id: second, promised_by: case_owner, due_at: 2026-03-02T09:45:00+08:00}
      """
    When the policy decides at 2026-03-02 10:00
    Then make_good_promise about second is planned
    And make_good_promise about first is not planned

  Scenario: The customer is here: aside, now, and not by telephone
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, case.channel: in_person}
      signals: [{id: s, kind: media, at: 2026-03-02T09:05:00+08:00}]
      """
    When the policy decides at 2026-03-02 09:10
    Then take_aside is planned because of talk-now-and-aside
    And call_back is not planned
    When take_aside is done by case_owner at 2026-03-02T09:20:00+08:00
    And the policy decides at 2026-03-02 12:00
    Then call_back is not planned

  Scenario: The customer is here and upset: listened to at once
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, customer.on_the_line: true}
      parties: [{id: guest, role: customer, temperature: furious, upset_since: 2026-03-02T09:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 09:10
    Then listen_in_private about guest is planned because of listen-at-once-to-whoever-is-here
    And take_aside is not planned

  Scenario: Nobody owns a complaint about themselves
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: frontline}
      claims: [{id: rude, made_by: customer, against: frontline, answered: false, recorded_at: 2026-03-02T09:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then assign_owner is planned because of nobody-looks-into-their-own-case
    And assign_owner is due at 2026-03-02 13:00
    When it is checked whether frontline may hear_other_side about rude at 2026-03-02 10:00
    Then the verdict is forbidden because of the-accused-does-not-question

  Scenario: A bystander is not ours to calm down
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00}
      parties:
        - {id: neighbour, role: outsider, temperature: furious, upset_since: 2026-03-02T09:00:00+08:00}
        - {id: clerk, role: sales, involved: false, temperature: furious, upset_since: 2026-03-02T09:00:00+08:00}
      """
    When the policy decides at 2026-03-02 10:00
    Then listen_in_private is not planned
    And vent_at_colleague is not forbidden

  Scenario: What people outside our house do is not charged to us
    Given this case
      """
      history:
        - at: 2026-03-02T09:00:00+08:00
          facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner}
          parties: [{id: neighbour, role: outsider}]
          acts:
            - {action: hang_up, by: customer}
            - {action: discuss_in_public, by: neighbour}
            - {action: hang_up, by: care_line}
      """
    When the history is audited until 2026-03-02 10:00
    Then the breaches are exactly
      | what    | by        | kind      | rule          |
      | hang_up | care_line | forbidden | never-hang-up |

  Scenario Outline: Our silence is broken by our word, not by the customer's own
    Given this case
      """
      facts: {case.opened_at: 2026-02-26T09:00:00+08:00, case.owner: case_owner}
      contacts: [{id: mail, made_by: <who>, at: 2026-03-01T12:00:00+08:00, outcome: <outcome>}]
      """
    When the policy decides at 2026-03-02 10:00
    Then call_back <state>

    Examples:
      | who        | outcome | state                                 |
      | customer   | written | is planned because of silence-is-loss |
      | case_owner | replied | is not planned                        |

  Scenario: A colleague who was upset two days ago is asked, not guessed at; how the customer is comes up in the next talk
    Given this case
      """
      facts: {case.opened_at: 2026-02-26T09:00:00+08:00}
      parties:
        - {id: c, role: customer, upset_since: 2026-02-26T09:00:00+08:00}
        - {id: clerk, role: frontline, upset_since: 2026-02-26T09:00:00+08:00}
      """
    When the policy decides at 2026-03-02 10:00
    Then ask_how_they_are about clerk is planned because of ask-again-how-they-are
    But ask_how_they_are about c is not planned

  Scenario Outline: Whoever writes and is not upset has the matter looked into first; whoever is upset is called first
    Given this case
      """
      currency: TWD
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner}
      parties: [{id: c, role: customer, temperature: <temperature>}]
      charges: [{id: fee, kind: service, amount: 300, open: true, disputed: true, disputed_at: 2026-03-02T09:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 09:05
    Then the phase is <phase>

    Examples:
      | temperature | phase |
      | calm        | owed  |
      | uneasy      | owed  |
      | upset       | calm  |

  Scenario: Whoever stands here hears a kind word now, before any money is booked
    Given this case
      """
      currency: TWD
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, customer.on_the_line: true}
      parties: [{id: c, role: customer, temperature: uneasy}]
      charges: [{id: fee, kind: service, amount: 300, open: true, our_error: true, charged_at: 2026-03-02T08:50:00+08:00}]
      """
    When the policy decides at 2026-03-02 09:02
    Then the plan starts with
      | action         | rule                            |
      | express_regret | a-kind-word-to-whoever-is-here  |
    And express_regret is due at 2026-03-02 09:10
    And waive_charge about fee is planned because of give-back-what-our-error-cost

  Scenario: What comes back after it was solved is open again
    Given this case
      """
      facts: {case.opened_at: 2026-02-26T09:00:00+08:00, case.owner: case_owner, problem.solved_at: 2026-02-27T09:00:00+08:00, customer.need_met: true}
      parties: [{id: c, role: customer, temperature: furious, upset_since: 2026-03-02T09:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 09:05
    Then listen_in_private about c is planned because of listen-first
    But close_case is not planned

  Scenario: A clear request that costs money gets an answer
    Given this case
      """
      facts: {case.kind: request, case.opened_at: 2026-03-02T09:00:00+08:00, request.what: cancel my booking and pay it back, customer.wants_money: true}
      """
    When the policy decides at 2026-03-02 10:00
    Then do_what_was_asked is planned because of do-what-was-rightly-asked

  Scenario: A plain question: one step, no feelings, nothing asked
    Given this case
      """
      facts: {case.kind: question, case.opened_at: 2026-03-02T09:00:00+08:00}
      """
    When the policy decides at 2026-03-02 10:00
    Then the plan is exactly
      | action          | rule                |
      | answer_question | answer-whoever-asks |
    And nothing is asked

  Scenario: A calm first complaint needs no machinery
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, customer.temperature: calm, customer.need: to know when the parcel comes}
      """
    When the policy decides at 2026-03-02 10:00
    Then the plan is exactly
      | action         | rule                        |
      | express_regret | care-from-the-first-contact |
      | assign_owner   | one-owner                   |
    And the questions are exactly
      | fact      |
      | case.kind |

  Scenario: A danger that goes on is ended first, and nobody frail stays in it
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, hazard.happened: true, hazard.ongoing: true, people.at_risk: true}
      """
    When the policy decides at 2026-03-02 09:10
    Then make_safe is planned because of make-safe-what-is-still-dangerous
    And make_safe is due at 2026-03-02 10:00
    And offer_safe_place is planned because of nobody-stays-in-danger
    And take_out_of_use is not planned
    When it becomes known that hazard.others_at_risk is true
    And the policy decides again
    Then take_out_of_use is planned because of out-of-use-until-the-cause-is-known
    And report_to_authority is planned because of out-of-use-until-the-cause-is-known
    When it becomes known that cause.product_at_fault is false
    And the policy decides again
    Then take_out_of_use is not planned

  Scenario: Others have the same problem and do not know it
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, problem.affects_others: true}
      """
    When the policy decides at 2026-03-02 10:00
    Then find_others_affected is planned because of look-for-the-others
    And tell_others_affected is planned because of look-for-the-others
    And tell_others_affected is due at 2026-03-05 18:00

  Scenario: A letter in the wrong hands is fetched back, and reported
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, privacy.breached: true, document.wrong: true}
      """
    When the policy decides at 2026-03-02 10:00
    Then secure_product is planned because of what-went-to-the-wrong-person-is-fetched-back
    And report_to_authority is planned because of a-breach-of-privacy-is-reported
    And report_to_authority is due at 2026-03-05 09:00

  Scenario: What was only seen is not fetched back, nor is anything fetched from whoever is a danger
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, privacy.breached: true}
      """
    When the policy decides at 2026-03-02 10:00
    Then secure_product is not planned
    And report_to_authority is planned because of a-breach-of-privacy-is-reported
    When it becomes known that document.wrong is true
    And it becomes known that people.at_risk is true
    And the policy decides again
    Then secure_product is not planned

  Scenario: The customer hears it before the press does
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00}
      signals: [{id: s, kind: media, at: 2026-03-02T09:30:00+08:00}]
      """
    When it is checked whether public_relations may speak_to_press at 2026-03-02 10:00
    Then the verdict is held because of the-customer-before-the-press
    When call_back is done by case_owner at 2026-03-02T10:10:00+08:00
    And it is checked whether public_relations may speak_to_press at 2026-03-02 10:20
    Then the verdict is allowed

  Scenario: How the customer was treated is apologised for, whatever comes out about the matter
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00}
      acts: [{action: send_elsewhere, by: frontline, at: 2026-03-02T09:05:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then apologise is planned because of apologise-for-how-we-treated-them
    When apologise is done by case_owner at 2026-03-02T10:30:00+08:00
    And the policy decides at 2026-03-02 11:00
    Then apologise is not planned

  Scenario: What was done is confirmed in writing
    Given this case
      """
      facts: {case.kind: request, case.opened_at: 2026-03-02T09:00:00+08:00, customer.demand: end my contract today}
      acts: [{action: do_what_was_asked, by: case_owner, at: 2026-03-02T09:30:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then confirm_in_writing is planned because of confirm-it-in-writing

  Scenario: An answer that says nothing is worked over, for as long as it is recent
    Given this case
      """
      facts: {case.opened_at: 2026-03-01T09:00:00+08:00}
      answers: [{id: plea, given_at: 2026-03-01T10:00:00+08:00, will_do: He will improve.}]
      """
    When the policy decides at 2026-03-02 10:00
    Then improve_answer about plea is planned because of an-empty-answer-is-worked-over
    When the policy decides at 2026-03-06 10:00
    Then improve_answer about plea is not planned

  Scenario: Whoever was threatened is looked after first, and a lead sets the limit; nobody rings the customer to soothe
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, customer.abusive: true}
      parties: [{id: lin, role: frontline}]
      contacts: [{id: call, made_by: customer, made_to: lin, at: 2026-03-02T09:30:00+08:00, outcome: reached}]
      """
    When the policy decides at 2026-03-02 09:40
    Then ask_how_they_are about lin is planned because of stand-by-whoever-was-threatened
    And take_upstairs is planned because of a-lead-sets-the-limit
    And express_regret is not planned
    And call_back is not planned

  Scenario: Evidence, background and lessons wait while somebody needs help now
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, problem.repeated: true, people.at_risk: true}
      claims: [{id: heat, made_by: customer, against: partner, answered: true}]
      """
    When the policy decides at 2026-03-02 10:00
    Then change_process is not planned
    And request_evidence about heat is not planned
    When it becomes known that people.at_risk is false
    And the policy decides again
    Then change_process is planned because of change-what-let-it-happen
    And request_evidence about heat is planned because of ask-both-sides-for-evidence

  Scenario: A limit to abuse is put in writing, with an end and a way to object
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, customer.abusive: true}
      acts: [{action: take_upstairs, by: frontline, at: 2026-03-02T10:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 11:00
    Then agree_process is planned because of a-limit-is-put-in-writing
    And confirm_in_writing is planned because of a-limit-is-put-in-writing

  Scenario: Behind abuse there may be an illness
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, customer.abusive: true, people.at_risk: true}
      """
    When the policy decides at 2026-03-02 11:00
    Then ask_need is planned because of abuse-may-have-a-reason

  Scenario: A question that nothing depends on is answered within two weeks
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.kind: question}
      questions: [{id: name, asked_by: customer, text: Why this name?, asked_at: 2026-03-02T09:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 11:00
    Then answer_question about name is planned because of an-idle-question-is-answered-within-two-weeks

  Scenario: What stays lost is made good after five days of searching
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, purchase.received_at: 2026-03-01T09:00:00+08:00}
      lost_things: [{id: part, what: the second parcel, reported_at: 2026-03-02T09:00:00+08:00}]
      """
    When the policy decides at 2026-03-04 09:00
    Then search_for_it about part is planned because of search-for-what-was-lost
    And repair_replace_refund is not planned
    When the policy decides at 2026-03-07 09:00
    Then repair_replace_refund is planned because of what-stays-lost-is-made-good

  Scenario: What nobody can buy again is searched for every day, and not paid off
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00}
      lost_things: [{id: dog, what: a Maltese, reported_at: 2026-03-02T09:00:00+08:00}]
      acts: [{action: search_for_it, by: case_owner, about: dog, at: 2026-03-02T10:00:00+08:00}]
      """
    When the policy decides at 2026-03-03 09:00
    Then search_for_it is not planned
    When the policy decides at 2026-03-08 10:00
    Then search_for_it about dog is planned because of search-for-what-was-lost
    And repair_replace_refund is not planned

  Scenario: What is given beyond what is owed is not given for a threat, and what was waived stays waived
    Given this case
      """
      currency: TWD
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, cause.product_at_fault: true, customer.good_faith: bad, customer.abusive: true}
      charges: [{id: meal, amount: 800}]
      acts: [{action: waive_charge, by: case_owner, about: meal, at: 2026-03-02T09:30:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then offer_gift is forbidden because of no-gift-for-a-threat
    And offer_compensation is forbidden because of no-gift-for-a-threat
    And charge_customer about meal is forbidden because of what-was-waived-stays-waived
    And go_to_customer is forbidden because of nobody-meets-a-threat-alone
    And take_aside is forbidden because of nobody-meets-a-threat-alone

  Scenario: Whoever decides is talking with the customer already, so that nobody has to be brought in
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner}
      signals: [{id: news, kind: media, at: 2026-03-02T09:30:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then take_upstairs is planned because of take-it-upstairs-on-a-risk-signal
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner}
      signals: [{id: news, kind: media, at: 2026-03-02T09:30:00+08:00}]
      contacts: [{id: talk, made_by: customer, made_to: brand_owner, at: 2026-03-02T09:40:00+08:00, outcome: reached}]
      """
    When the policy decides at 2026-03-02 10:00
    Then take_upstairs is not planned

  Scenario: What shows bad faith is kept, before it is overwritten
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, problem.solved_at: 2026-03-02T10:00:00+08:00, customer.good_faith: bad}
      """
    When the policy decides at 2026-03-02 11:00
    Then secure_product is planned because of keep-the-evidence-of-bad-faith
    When it becomes known that product.secured is true
    And the policy decides again
    Then secure_product is not planned

  Scenario: Whoever is on the line hears before the end when the next word comes
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, case.kind: complaint, customer.on_the_line: true}
      """
    When the policy decides at 2026-03-02 09:05
    Then note_answer_time is planned because of name-the-hour-of-the-answer

  Scenario: Two promises were broken, and the customer comes in: nobody rings them up, whoever decides comes to them
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, case.channel: in_person, customer.on_the_line: true}
      promises:
        - {id: first, promised_by: case_owner, promised_to: customer, what: a visit, made_at: 2026-03-02T09:30:00+08:00, due_at: 2026-03-04T18:00:00+08:00}
        - {id: second, promised_by: case_owner, promised_to: customer, what: a visit, made_at: 2026-03-05T09:30:00+08:00, due_at: 2026-03-06T18:00:00+08:00}
      """
    When the policy decides at 2026-03-09 10:00
    Then take_upstairs is planned because of broken-promises-bring-a-superior-to-whoever-is-here
    And tell_to_wait is forbidden because of broken-promises-bring-a-superior-to-whoever-is-here
    And call_back is not planned

  Scenario: Somebody of ours doubts the customer's word: it is kept and decided above, and not said
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner}
      parties: [{id: buyer, role: customer}]
      claims: [{id: made-up, made_by: provider, against: buyer, recorded_at: 2026-03-02T09:30:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then secure_product is planned because of a-suspicion-goes-to-whoever-decides
    And take_upstairs is planned because of a-suspicion-goes-to-whoever-decides

  Scenario: Somebody on the line threatens: the limit is said once, a lead takes over, and the colleague is looked after
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner}
      parties: [{id: agent, role: care_line}]
      contacts: [{id: call, made_by: customer, made_to: agent, at: 2026-03-02T09:30:00+08:00, outcome: reached}]
      """
    When at 2026-03-02 09:31 it becomes known that customer.on_the_line is true
    And at 2026-03-02 09:31 it becomes known that customer.abusive is true
    And the policy decides at 2026-03-02 09:32
    Then set_limit is planned because of the-limit-is-said-in-the-talk
    And take_upstairs is planned because of the-limit-is-said-in-the-talk
    And take_upstairs is due at 2026-03-02 09:46
    And express_regret is not planned
    When at 2026-03-02 09:40 it becomes known that customer.on_the_line is false
    And the policy decides at 2026-03-02 17:00
    Then set_limit is not planned
    And ask_how_they_are about agent is planned because of stand-by-whoever-was-threatened

  Scenario: What we published about somebody comes down first, in bad faith too
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, customer.good_faith: bad}
      """
    When at 2026-03-02 10:00 it becomes known that publication.online is true
    And the policy decides at 2026-03-02 10:00
    Then take_down is planned because of what-we-published-is-taken-down
    And take_down is due at 2026-03-02 11:00
    When it becomes known that publication.online is false
    And the policy decides again
    Then take_down is not planned

  Scenario: Nobody is told to call somebody who can only be written to
    Given this case
      """
      facts: {case.kind: complaint, case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, customer.call_from: 2026-03-02T08:00:00+08:00}
      parties: [{id: lin, role: customer, temperature: uneasy}]
      contacts: [{id: letter, made_by: lin, at: 2026-03-02T09:00:00+08:00, outcome: written}]
      signals: [{id: post, kind: posting, at: 2026-03-02T09:50:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then call_back is planned because of call-back-on-a-risk-signal
    And write_to_customer is not planned
    When it becomes known that customer.contact_way is "in_writing"
    And the policy decides again
    Then call_back is held because of whoever-cannot-be-called-is-written-to
    And write_to_customer is planned because of whoever-can-only-write-hears-again-in-writing
    And write_to_customer is due at 2026-03-02 10:20
    When write_to_customer is done by case_owner at 2026-03-02 10:10
    And the policy decides at 2026-03-02 10:15
    Then write_to_customer is not planned
    And call_back is held because of whoever-cannot-be-called-is-written-to
    When the policy decides at 2026-03-04 10:15
    Then write_to_customer is planned because of silence-is-loss-in-writing-too

  Scenario: Somebody who needs an interpreter has one before the talk, and is helped without waiting for one
    Given this case
      """
      facts: {case.kind: complaint, case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, customer.contact_way: with_interpreter}
      parties: [{id: e, role: customer, temperature: upset, upset_since: 2026-03-02T09:00:00+08:00}]
      contacts: [{id: letter, made_by: e, at: 2026-03-02T09:00:00+08:00, outcome: written}]
      questions: [{id: tablets, asked_by: customer, text: How are the tablets taken?, asked_at: 2026-03-02T09:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then arrange_interpreter is planned because of an-interpreter-before-the-talk
    And the plan starts with
      | action              |
      | arrange_interpreter |
    And call_back is held because of an-interpreter-before-the-talk
    And answer_question about tablets is held because of an-interpreter-before-the-talk
    And express_regret is planned
    When arrange_interpreter is done by case_owner at 2026-03-02 10:30
    And the policy decides at 2026-03-02 10:30
    Then call_back is planned
    And answer_question about tablets is planned
    When it becomes known that customer.contact_way is "any_way"
    And the policy decides again
    Then arrange_interpreter is not planned

  Scenario: Nobody is called before the hour that suits them
    Given this case
      """
      facts: {case.kind: complaint, case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, customer.call_from: 2026-03-02T21:00:00+08:00}
      parties: [{id: lin, role: customer, temperature: uneasy}]
      signals: [{id: post, kind: posting, at: 2026-03-02T09:50:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then call_back is held because of nobody-is-called-in-their-night
    When the policy decides at 2026-03-02 21:00
    Then call_back is planned because of call-back-on-a-risk-signal

  Scenario: Nobody is published, least of all in answer to an accusation
    Given this case
      """
      facts: {case.kind: complaint, case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner}
      """
    When it is checked whether public_relations may publish_customer at 2026-03-02 10:00
    Then the verdict is forbidden because of nobody-is-published
    When these signals
      | id   | kind    | at                        |
      | post | posting | 2026-03-02T10:00:00+08:00 |
    And it is checked whether public_relations may publish_customer at 2026-03-02 10:05
    Then the verdict is forbidden because of nobody-is-published-in-answer

  Scenario: What others can read of a customer's private data is hidden
    Given this case
      """
      facts: {case.kind: complaint, case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner}
      """
    When at 2026-03-02 10:00 it becomes known that publication.shows_private_data is true
    And the policy decides at 2026-03-02 10:00
    Then hide_private_data is planned because of what-is-private-is-hidden-from-others
    And hide_private_data is due at 2026-03-02 11:00
    When it becomes known that publication.shows_private_data is false
    And the policy decides again
    Then hide_private_data is not planned

  Scenario: A no that holds is no end while what they asked stands open
    Given this case
      """
      facts: {case.kind: complaint, case.opened_at: 2026-02-20T09:00:00+08:00, case.owner: case_owner, refusal.reason: the term is over, refusal.holds: true}
      contacts: [{id: letter, made_by: case_owner, made_to: customer, at: 2026-02-21T09:00:00+08:00, outcome: written}]
      questions: [{id: where, asked_by: customer, text: Where can I take it?, asked_at: 2026-02-20T09:00:00+08:00}]
      acts: [{action: refuse, by: case_owner, at: 2026-02-21T09:00:00+08:00}]
      """
    When it is checked whether case_owner may close_case at 2026-03-02 10:00
    Then the verdict is held because of closing-is-the-customers-word
    When these questions
      | id    | answered_at               |
      | where | 2026-02-22T09:00:00+08:00 |
    And it is checked whether case_owner may close_case at 2026-03-02 10:00
    Then the verdict is allowed

  Scenario: An application is judged before anybody does what it asks
    Given this case
      """
      facts: {case.kind: request, case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, request.what: class him as vulnerable}
      """
    When the policy decides at 2026-03-02 10:00
    Then do_what_was_asked is planned because of do-what-was-rightly-asked
    When it becomes known that request.needs_decision is true
    And the policy decides again
    Then do_what_was_asked is held because of an-application-is-judged-first
    And decide_request is planned because of an-application-is-judged-first
    And decide_request is due at 2026-03-03 18:00
    When decide_request is done by case_owner at 2026-03-02 11:00
    And the policy decides at 2026-03-02 11:30
    Then do_what_was_asked is planned

  Scenario: Who needs the money that we have hears today when it comes back, and nothing about instalments
    Given this case
      """
      currency: CNY
      facts: {case.kind: complaint, case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, customer.cannot_pay: true}
      charges: [{id: card, kind: service, amount: 160000, open: false, paid_at: 2026-01-10T10:00:00+08:00, disputed: true, disputed_at: 2026-03-02T09:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then check_charge about card is planned because of whose-money-we-have-and-who-needs-it
    And check_charge about card is due at 2026-03-02 13:00
    And prepare_options is not planned
    When these charges
      | id  | kind     | amount | open | disputed |
      | fee | handling | 32000  | true | true     |
    And the policy decides again
    Then prepare_options is planned because of who-cannot-pay-is-not-pressed

  Scenario: A question that wants something done is no idle one
    Given this case
      """
      facts: {case.kind: question, case.opened_at: 2026-03-02T09:00:00+08:00}
      questions: [{id: when, asked_by: customer, text: When does it come?, asked_at: 2026-03-02T09:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then answer_question about when is due at 2026-03-16 18:00
    When it becomes known that request.what is "an earlier delivery"
    And the policy decides again
    Then answer_question about when is planned because of a-question-that-wants-something-done
    And answer_question about when is due at 2026-03-03 18:00

  Scenario: A daughter speaks for her mother: she is helped at once, and only what is private waits for her mother's word
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, customer.speaks_for: her mother}
      lost_things: [{id: aid, what: a hearing aid, reported_at: 2026-03-02T09:00:00+08:00}]
      """
    When it becomes known that customer.authorised is false
    And the policy decides at 2026-03-02 09:30
    Then search_for_it about aid is planned because of search-for-what-was-lost
    And explain_matter is held because of what-is-private-needs-their-word
    And read_report is held because of what-is-private-needs-their-word
    And deny_service is forbidden because of never-take-service-away
    When it becomes known that customer.authorised is true
    And the policy decides again
    Then explain_matter is not held

  Scenario: A disputed debt that a collector has is called back by us
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner}
      charges: [{id: bill, disputed: true, with_collector: true, disputed_at: 2026-03-02T09:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then recall_debt about bill is planned because of call-the-debt-back
    And recall_debt about bill is due at 2026-03-02 13:00
    When it becomes known that the with_collector of bill in charges is false
    And the policy decides again
    Then recall_debt about bill is not planned

  Scenario: Twice the price that was offered: the rest is taken off
    Given this case
      """
      currency: TWD
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner}
      charges: [{id: move, kind: service, amount: 16000, quoted: 8000, disputed: true, disputed_at: 2026-03-02T09:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then waive_charge about move is planned because of the-offered-price-stands
    And the amount of waive_charge about move is 8000 TWD
    When it becomes known that the quoted of move in charges is 16000
    And the policy decides again
    Then waive_charge about move is not planned

  Scenario: The corner of a wardrobe is broken, and nobody has named a sum: it is mended or paid for
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner}
      damages: [{id: wardrobe, evident: true, caused_by: carrier, reported_at: 2026-03-02T09:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then repair_replace_refund is planned because of mend-or-pay-what-was-damaged
    And repair_replace_refund is due at 2026-03-05 18:00
    When it becomes known that the caused_by of wardrobe in damages is wear
    And the policy decides again
    Then repair_replace_refund is not planned

  Scenario: What was agreed is written down, though an older question was never answered
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner}
      questions: [{id: when, asked_by: customer, text: when can we move in, asked_at: 2026-03-02T09:30:00+08:00}]
      charges: [{id: fee}]
      acts: [{action: waive_charge, by: case_owner, about: fee, at: 2026-03-02T10:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 11:00
    Then confirm_in_writing is planned because of confirm-it-in-writing
    When it becomes known that the asked_at of when in questions is 2026-03-02T10:30:00+08:00
    And the policy decides again
    Then confirm_in_writing is not planned

  Scenario: Whoever decides is at work on the threat already, and nobody has to be brought in
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: chief}
      parties: [{id: chief, role: case_owner}, {id: guest, role: customer, temperature: uneasy}]
      signals: [{id: review, kind: posting, at: 2026-03-02T09:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 09:10
    Then take_upstairs is planned because of take-it-upstairs-on-a-risk-signal
    When note_answer_time is done by chief at 2026-03-02T09:12:00+08:00
    And the policy decides at 2026-03-02 09:15
    Then take_upstairs is not planned

  Scenario: Somebody was in danger, and the family is beside itself: whoever can decide comes
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, hazard.happened: true}
      parties: [{id: son, role: customer, temperature: furious}]
      """
    When the policy decides at 2026-03-02 09:10
    Then take_upstairs is planned because of somebody-who-can-decide-comes-when-it-is-grave
    And take_upstairs is due at 2026-03-02 10:00
    When it becomes known that the temperature of son in parties is uneasy
    And the policy decides again
    Then take_upstairs is not planned

  Scenario: A large loss asks for approval; where no limit is set in the currency, somebody has to say whether it is large
    Given this case
      """
      currency: TWD
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, cause.product_at_fault: true, cause.established_at: 2026-03-02T09:00:00+08:00}
      losses: [{id: car, amount: 86000, connected: true}]
      """
    When the policy decides at 2026-03-02 10:00
    Then ask_approval is planned because of approval-and-no-delay
    And pay_loss is held because of approval-and-no-delay
    Given this case
      """
      currency: EUR
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, cause.product_at_fault: true, cause.established_at: 2026-03-02T09:00:00+08:00}
      losses: [{id: car, amount: 86000, connected: true}]
      """
    When the policy decides at 2026-03-02 10:00
    Then pay_loss is held because of approval-and-no-delay
    And ask_approval is planned because of approval-where-no-limit-is-set

  Scenario: A need whose hour passed half a day ago no longer presses
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, customer.needed_by: 2026-03-02T15:00:00+08:00}
      """
    When the policy decides at 2026-03-02 18:00
    Then help_at_once is planned because of help-with-what-cannot-wait
    When the policy decides at 2026-03-03 10:00
    Then help_at_once is not planned
    And it is not concluded that case.pressing is true

  Scenario: A currency without a limit: the payment waits, and the step that ends the waiting is there
    Given this case
      """
      currency: USD
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, cause.product_at_fault: true, cause.established_at: 2026-03-02T09:30:00+08:00}
      losses: [{id: laptop, amount: 529, connected: true}]
      """
    When the policy decides at 2026-03-02 10:00
    Then ask_approval is planned because of approval-where-no-limit-is-set
    And the amount of ask_approval is 529 USD
    And pay_loss is not planned
    When ask_approval is done by case_owner at 2026-03-02 10:10
    And the policy decides at 2026-03-02 10:20
    Then pay_loss is wanted but held because of approval-and-no-delay
    When ask_approval is done by case_owner at 2026-03-02 10:30:
      | parameter | value |
      | amount    | 529   |
    And the policy decides at 2026-03-02 11:00
    Then pay_loss is planned because of pay-all-connected-loss

  Scenario: A fee above the offer, for a delivery that did evident damage: the whole fee is waived, and the two rules do not stop each other
    Given this case
      """
      currency: TWD
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner}
      charges: [{id: fee, kind: delivery, amount: 800, quoted: 500, disputed: true, disputed_at: 2026-03-02T09:00:00+08:00, open: true}]
      damages: [{id: marks, evident: true, caused_by: carrier, reported_at: 2026-03-02T09:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then waive_charge about fee is planned because of waive-charge-on-evident-damage
    And the amount of waive_charge about fee is 800 TWD

  Scenario: Where the policy has a limit, what lies below it needs no approval
    Given this case
      """
      currency: TWD
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, cause.product_at_fault: true, cause.established_at: 2026-03-02T09:30:00+08:00}
      losses: [{id: laptop, amount: 529, connected: true}]
      """
    When the policy decides at 2026-03-02 10:00
    Then pay_loss is planned because of pay-all-connected-loss
    And ask_approval is not planned

  Scenario: A price was offered, and more was charged by our error: what is above it comes back, and one amount is said
    Given this case
      """
      currency: CNY
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner}
      charges: [{id: month, kind: service, amount: 49, quoted: 19, our_error: true, disputed: true, open: false, disputed_at: 2026-03-02T09:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then waive_charge about month is planned because of the-offered-price-stands
    And the amount of waive_charge about month is 30 CNY

  Scenario Outline: Whoever can decide comes to whoever is upset, and at once when it went wrong once more or they are beside themselves before us
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, <facts>}
      parties: [{id: lin, role: customer, temperature: <temperature>, upset_since: 2026-03-02T09:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 09:10
    Then <outcome>

    Examples:
      | facts                       | temperature | outcome                                                                            |
      | problem.repeated: true      | upset       | take_upstairs is planned because of somebody-who-can-decide-comes-when-it-is-grave |
      | problem.repeated: true      | uneasy      | take_upstairs is not planned                                                       |
      | customer.on_the_line: true  | furious     | take_upstairs is planned because of somebody-who-can-decide-comes-when-it-is-grave |
      | customer.on_the_line: true  | uneasy      | take_upstairs is not planned                                                       |
      | customer.on_the_line: true  | upset       | take_upstairs is planned because of somebody-who-can-decide-for-whoever-is-upset   |
      | customer.on_the_line: false | furious     | take_upstairs is planned because of somebody-who-can-decide-for-whoever-is-upset   |

  Scenario Outline: A complaint that asks for something clear, where we are plainly in the wrong: do it
    Given this case
      """
      currency: TWD
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, request.what: give me my 3000 back}
      <records>
      """
    When the policy decides at 2026-03-02 10:00
    Then <outcome>

    Examples:
      | records                                                                              | outcome                                                           |
      | promises: [{id: open, promised_by: provider, due_at: 2026-03-01T18:00:00+08:00}]     | do_what_was_asked is planned because of do-what-was-rightly-asked |
      | promises: [{id: open, promised_by: provider, due_at: 2026-03-05T18:00:00+08:00}]     | do_what_was_asked is not planned                                  |
      | damages: [{id: door, evident: true, caused_by: carrier}]                             | do_what_was_asked is planned because of do-what-was-rightly-asked |
      | damages: [{id: door, evident: true, caused_by: customer}]                            | do_what_was_asked is not planned                                  |

  Scenario Outline: A late promise whose use has passed is not kept after all
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, <facts>}
      promises: [{id: dress, promised_by: case_owner, due_at: 2026-03-03T17:00:00+08:00}]
      """
    When the policy decides at 2026-03-06 10:00
    Then <outcome>

    Examples:
      | facts                                            | outcome                                                              |
      | customer.needed_by: 2026-03-05T14:00:00+08:00    | make_good_promise about dress is not planned                         |
      | customer.needed_by: 2026-03-07T14:00:00+08:00    | make_good_promise about dress is planned because of make-a-late-promise-good |
      | case.channel: email                              | make_good_promise about dress is planned because of make-a-late-promise-good |

  Scenario Outline: Public relations are told of what may become public
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, hazard.happened: <accident>}
      signals: [{id: s1, kind: <kind>, at: 2026-03-02T09:50:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then <outcome>

    Examples:
      | accident | kind      | outcome                                                   |
      | false    | media     | brief_pr is planned because of brief-pr-on-a-risk-signal |
      | false    | recording | brief_pr is planned because of brief-pr-on-a-risk-signal |
      | false    | regulator | brief_pr is not planned                                   |
      | false    | court     | brief_pr is not planned                                   |
      | true     | regulator | brief_pr is planned because of brief-pr-on-a-risk-signal |

  Scenario Outline: Both say what happened before either is asked for proof
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner}
      claims: [{id: left, made_by: customer, against: field_service, answered: <answered>}]
      """
    When the policy decides at 2026-03-02 10:00
    Then <outcome>

    Examples:
      | answered | outcome                                                                        |
      | false    | request_evidence about left is not planned                                     |
      | true     | request_evidence about left is planned because of ask-both-sides-for-evidence |

  Scenario: Whoever is here is spoken with, and the table for three is laid afterwards
    Given this case
      """
      facts: {case.opened_at: 2026-02-20T09:00:00+08:00, case.owner: case_owner, problem.occurrences: 3, customer.satisfied: false, customer.on_the_line: true}
      """
    When the policy decides at 2026-03-02 10:00
    Then convene_review is not planned
    And call_back is not planned
    When it becomes known that customer.on_the_line is false
    And the policy decides again
    Then convene_review is planned because of review-after-a-failed-escalation
    And call_back is planned because of speak-to-whoever-is-not-satisfied

  Scenario: Whoever wrote and is upset is called first, and the kind word is part of the call
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, case.channel: email}
      parties: [{id: lin, role: customer, temperature: upset, upset_since: 2026-03-02T09:00:00+08:00}]
      signals: [{id: s1, kind: regulator, at: 2026-03-02T09:50:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then the plan includes in this order
      | action         |
      | call_back      |
      | express_regret |

  Scenario: Somebody was threatened on Monday morning: asked after before the day is over
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, customer.abusive: true}
      parties: [{id: lin, role: frontline}]
      contacts: [{id: call, made_by: customer, made_to: lin, at: 2026-03-02T10:30:00+08:00, outcome: reached}]
      """
    When the policy decides at 2026-03-02 11:00
    Then ask_how_they_are about lin is due at 2026-03-02 18:00

  Scenario: Whoever said that all was well, and is upset again, still has the last day that the law gives
    Given this case
      """
      currency: TWD
      facts: {case.opened_at: 2026-02-18T10:00:00+08:00, case.jurisdiction: taiwan, customer.need_met: true, problem.solved_at: 2026-02-20T10:00:00+08:00}
      parties: [{id: lin, role: customer, temperature: upset, upset_since: 2026-03-01T10:00:00+08:00}]
      charges: [{id: fee}]
      """
    When the policy decides at 2026-03-02 10:00
    Then settle_complaint is planned because of taiwan-answer-within-15-days

  Scenario Outline: Whoever spoke last, and is not calm, is called
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner}
      parties: [{id: lin, role: customer, temperature: <temperature>, upset_since: 2026-03-02T09:00:00+08:00}]
      contacts:
        - {id: letter, made_by: customer, at: 2026-03-02T09:00:00+08:00, outcome: written, noted: true}
        <more>
      """
    When the policy decides at 2026-03-02 10:00
    Then call_back is <outcome>

    Examples:
      | temperature | more                                                                                      | outcome                                         |
      | uneasy      |                                                                                           | planned because of whoever-spoke-last-is-called |
      | calm        |                                                                                           | not planned                                     |
      | uneasy      | - {id: ours, made_by: case_owner, at: 2026-03-02T09:40:00+08:00, outcome: reached}        | not planned                                     |
      | uneasy      | - {id: again, made_by: customer, at: 2026-03-02T09:50:00+08:00, outcome: reached}         | planned because of whoever-spoke-last-is-called |

  Scenario: Whoever waits for a day that was named is not rung before it
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner}
      parties: [{id: lin, role: customer, temperature: uneasy}]
      contacts: [{id: letter, made_by: customer, at: 2026-03-02T09:00:00+08:00, outcome: written, noted: true}]
      promises: [{id: answer, promised_by: case_owner, due_at: 2026-03-05T18:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then call_back is not planned

  Scenario: We have answered and it is not over: a day is named for the next word
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner}
      acts: [{action: express_regret, by: case_owner, at: 2026-03-02T09:30:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then note_answer_time is planned because of no-open-end
    And note_answer_time is due at 2026-03-03 18:00
    When it becomes known that customer.need_met is true
    And the policy decides again
    Then note_answer_time is not planned

  Scenario: They have come again, and last week's apology does not greet them today
    Given this case
      """
      facts: {case.opened_at: 2026-02-23T09:00:00+08:00, case.owner: case_owner, customer.on_the_line: true}
      contacts: [{id: again, made_by: customer, at: 2026-03-02T09:55:00+08:00, outcome: reached, noted: true}]
      acts: [{action: apologise, by: case_owner, at: 2026-02-23T10:00:00+08:00}, {action: express_regret, by: case_owner, at: 2026-02-23T10:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then express_regret is planned because of a-kind-word-each-time-they-come
    And express_regret is due at 2026-03-02 10:05

  Scenario: How it came about is noted, where no charge is checked and nobody is accused
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, problem.symptom: the urn was handed to another family}
      """
    When the policy decides at 2026-03-02 10:00
    Then open_investigation is planned because of note-how-it-came-about
    When it becomes known that case.kind is request
    And the policy decides again
    Then open_investigation is not planned

  Scenario Outline: A known day is worked back from
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, customer.need: a whole one for the party, customer.needed_by: <day>}
      """
    When the policy decides at 2026-03-02 10:00
    Then <outcome>

    Examples:
      | day                       | outcome                                                     |
      | 2026-03-07T12:00:00+08:00 | put_right is planned because of done-by-the-day-it-is-needed |
      | 2026-03-20T12:00:00+08:00 | put_right is not planned                                    |
      | 2026-03-02T20:00:00+08:00 | help_at_once is planned because of help-with-what-cannot-wait |

  Scenario: Somebody frail is in distress: help before the call ends, whether or not an hour was named
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:50:00+08:00, case.owner: case_owner, customer.on_the_line: true, people.at_risk: true}
      parties: [{id: mother, role: customer, temperature: upset, upset_since: 2026-03-02T09:50:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then ask_about_injuries is planned because of somebody-is-at-risk
    And help_at_once is planned because of help-whoever-is-frail-and-in-distress
    And help_at_once is due at 2026-03-02 10:20

  Scenario: Whoever stands before us and needs something now hears a kind word first; then it is seen to
    Given this case
      """
      facts: {case.kind: complaint, case.opened_at: 2026-03-02T09:50:00+08:00, case.channel: in_person, customer.on_the_line: true, case.owner: case_owner,
              people.at_risk: false, customer.need: a train tonight, customer.needed_by: 2026-03-02T20:00:00+08:00}
      parties: [{id: her, role: customer, temperature: upset, upset_since: 2026-03-02T09:50:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then the plan starts with
      | action            | rule                             |
      | express_regret    | a-kind-word-to-whoever-is-here   |
      | listen_in_private | listen-at-once-to-whoever-is-here |
    And help_at_once is planned because of help-with-what-cannot-wait

  Scenario: The film shows bad faith: the refusal comes first, and nobody rings
    Given this case
      """
      currency: TWD
      facts: {case.opened_at: 2026-02-26T19:40:00+08:00, case.owner: case_owner, customer.good_faith: bad, cause.product_at_fault: false,
              refusal.reason: the film shows who put the hair there, refusal.holds: true}
      contacts: [{id: letter, made_by: customer, at: 2026-03-02T09:00:00+08:00, outcome: written, noted: true}]
      claims: [{id: hair, made_by: customer, against: provider}]
      evidence: [{id: film, claim: hair, supplied_by: provider, kind: recording, stance: contradicts, direct: true}]
      signals: [{id: threat, kind: posting, at: 2026-03-02T09:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then the plan starts with
      | action |
      | refuse |
    And call_back is not planned
    And hear_other_side is not planned

  Scenario: What was put right is not put right once more, though the customer is not satisfied
    Given this case
      """
      facts: {case.opened_at: 2026-02-23T09:00:00+08:00, case.owner: case_owner, cause.product_at_fault: true, fault.can_be_undone: true,
              problem.solved_at: 2026-02-27T18:00:00+08:00, customer.satisfied: false}
      """
    When the policy decides at 2026-03-02 10:00
    Then undo_it is not planned
    And change_process is planned because of change-what-let-it-happen
    When it becomes known that problem.repeated is true
    And the policy decides again
    Then undo_it is planned because of undo-what-can-be-undone

  Scenario: It was repaired three times: a choice is put together
    Given this case
      """
      facts: {case.opened_at: 2026-02-23T09:00:00+08:00, case.owner: case_owner, service.ordered_at: 2026-02-23T10:00:00+08:00, problem.occurrences: 3}
      """
    When the policy decides at 2026-03-02 10:00
    Then prepare_options is planned because of always-a-choice

  Scenario: A danger that has been known for a week does not stand before the word to whoever has waited with it
    Given this case
      """
      facts: {case.opened_at: 2026-02-20T09:00:00+08:00, case.owner: case_owner, hazard.ongoing: true, customer.on_the_line: true}
      parties: [{id: lin, role: customer, temperature: upset, upset_since: 2026-03-02T09:50:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then the plan starts with
      | action            |
      | express_regret    |
    And make_safe is planned because of make-safe-what-is-still-dangerous
    When it becomes known that case.urgent_since is 2026-03-02T09:50:00+08:00
    And the policy decides again
    Then the plan starts with
      | action            |
      | make_safe         |

  Scenario: It is known that nobody is hurt: nobody is asked once more
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:50:00+08:00, case.owner: case_owner, people.at_risk: true}
      """
    When the policy decides at 2026-03-02 10:00
    Then ask_about_injuries is planned because of somebody-is-at-risk
    When it becomes known that people.injured is false
    And the policy decides again
    Then ask_about_injuries is not planned
    When it becomes known that hazard.happened is true
    And the policy decides again
    Then ask_about_injuries is planned because of somebody-is-at-risk

  Scenario Outline: What was asked for is done by the day on which it is needed
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, case.kind: <kind>, request.what: the money for two tickets,
              customer.needed_by: 2026-03-05T19:30:00+08:00}
      parties: [{id: buyer, role: customer, temperature: calm}]
      """
    When the policy decides at 2026-03-02 10:00
    Then do_what_was_asked is planned because of do-what-was-rightly-asked
    And put_right is not planned
    When it becomes known that request.done_at is 2026-03-02T09:55:00+08:00
    And the policy decides again
    Then do_what_was_asked is not planned

    Examples:
      | kind      |
      | request   |
      | complaint |

  Scenario: A ticket that was closed on a suspicion is opened again, and not asked about
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner}
      parties: [{id: player, role: customer, temperature: calm}]
      claims: [{id: bot, made_by: provider, against: player, recorded_at: 2026-03-02T08:50:00+08:00}]
      """
    When the policy decides at 2026-03-02 09:10
    Then secure_product is planned because of a-suspicion-goes-to-whoever-decides
    When it becomes known that case.ticket_closed_at is 2026-03-02T09:05:00+08:00
    And close_case is done by case_owner at 2026-03-02T09:05:00+08:00
    And the policy decides again
    Then reopen_case is planned because of premature-closure-is-undone
    And secure_product is not planned
    And take_upstairs is not planned
    And confirm_need is not planned

  Scenario: A suspicion of ours that the evidence has cleared up is not put to the customer
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner}
      parties: [{id: player, role: customer, temperature: calm}]
      claims: [{id: bot, made_by: provider, against: player, recorded_at: 2026-03-02T08:50:00+08:00}]
      evidence: [{id: log, claim: bot, supplied_by: provider, kind: system_record, stance: contradicts, direct: true}]
      """
    When the policy decides at 2026-03-02 10:00
    Then hear_other_side about bot is not planned

  Scenario Outline: A signal is a reason to go aside where somebody looks on
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, case.channel: <channel>, customer.on_the_line: true}
      signals: [{id: post, kind: posting, at: 2026-03-02T09:05:00+08:00}]
      parties: [{id: lin, role: customer, temperature: uneasy}]
      """
    When the policy decides at 2026-03-02 09:10
    Then take_aside is <planned>

    Examples:
      | channel   | planned                               |
      | in_person | planned because of talk-now-and-aside |
      | message   | not planned                           |

  Scenario Outline: Whoever writes calmly about what is over is answered, and not visited
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, hazard.happened: true, <fact>}
      parties: [{id: huang, role: customer, temperature: <temperature>}]
      contacts: [{id: note, made_by: huang, at: 2026-03-02T09:00:00+08:00, outcome: written, noted: true}]
      """
    When the policy decides at 2026-03-02 10:00
    Then go_to_customer is <planned>

    Examples:
      | temperature | fact                 | planned                             |
      | calm        | case.channel: email  | not planned                         |
      | upset       | case.channel: email  | planned because of go-there-at-once |
      | calm        | hazard.ongoing: true | planned because of go-there-at-once |
      | calm        | people.injured: true | planned because of go-there-at-once |

  Scenario: Whoever wants no compensation is not asked to list losses
    Given this case
      """
      facts: {case.opened_at: 2026-03-01T08:00:00+08:00, case.owner: case_owner, hazard.happened: true, people.injured: true}
      """
    When the policy decides at 2026-03-02 10:00
    Then estimate_loss is planned because of put-a-figure-on-every-loss
    When it becomes known that customer.declined_gifts is true
    And the policy decides again
    Then estimate_loss is not planned

  Scenario Outline: In an urgent case what is disputed is checked after a day
    Given this case
      """
      currency: TWD
      facts: {case.opened_at: 2026-02-26T09:00:00+08:00, case.owner: case_owner, case.urgent_since: 2026-02-26T09:00:00+08:00}
      charges: [{id: fee, kind: service, amount: 118, open: false, disputed: true, disputed_at: <disputed>}]
      signals: [{id: ombudsman, kind: regulator, at: 2026-03-02T09:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then check_charge about fee is <planned>

    Examples:
      | disputed                  | planned                                   |
      | 2026-02-28T10:00:00+08:00 | planned because of check-what-is-disputed |
      | 2026-03-02T09:00:00+08:00 | not planned                               |

  Scenario: Only we know of our mistake: the customer hears of it from us before it is put right
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, cause.product_at_fault: true, cause.established_at: 2026-03-02T09:00:00+08:00, fault.can_be_undone: true}
      contacts: [{id: found, made_by: partner, made_to: case_owner, at: 2026-03-02T09:00:00+08:00, outcome: reached, noted: true}]
      """
    When the policy decides at 2026-03-02 09:05
    Then the plan starts with
      | action    |
      | call_back |
    And call_back is planned because of tell-them-before-they-find-out
    And the conclusions include
      | fact             | value |
      | customer.unaware | true  |
    When call_back is done by case_owner at 2026-03-02T09:20:00+08:00
    And the policy decides at 2026-03-02 09:25
    Then the plan starts with
      | action  |
      | undo_it |
    And call_back is not planned

  Scenario: Whoever asks for something simple has it done and confirmed, and no more
    Given this case
      """
      facts: {case.kind: request, case.opened_at: 2026-03-02T09:00:00+08:00, request.what: the name on the ticket put right}
      parties: [{id: dong, role: customer, temperature: calm}]
      """
    When the policy decides at 2026-03-02 09:05
    Then the plan is exactly
      | action             | rule                           |
      | do_what_was_asked  | do-what-was-rightly-asked      |
      | confirm_in_writing | whoever-asks-has-it-in-writing |

  Scenario Outline: An idle question has two weeks; one that is asked again, or worries, a day and a kind word
    Given this case
      """
      facts: {case.kind: question, case.opened_at: 2026-03-02T09:00:00+08:00}
      parties: [{id: wang, role: customer, temperature: <temperature>}]
      questions: [{id: who, asked_by: customer, text: Who sent this?, asked_at: 2026-03-02T09:00:00+08:00}]
      contacts:
        - {id: c1, made_by: customer, at: 2026-03-02T09:00:00+08:00, outcome: reached, noted: true}
        <more>
      """
    When the policy decides at 2026-03-03 10:00
    Then answer_question about who is due at <due>
    And express_regret is <outcome>
    And note_answer_time is <outcome>

    Examples:
      | temperature | more                                                                             | due              | outcome                                    |
      | calm        |                                                                                  | 2026-03-16 18:00 | not planned                                |
      | uneasy      |                                                                                  | 2026-03-03 18:00 | planned because of a-question-that-worries |
      | calm        | - {id: c2, made_by: customer, at: 2026-03-03T09:50:00+08:00, outcome: reached, noted: true} | 2026-03-03 18:00 | planned because of a-question-that-worries |

  Scenario: In the first hour how they are comes first; a day later the call does, and asks it, whether or not the press is there
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, people.at_risk: true}
      parties: [{id: mother, role: customer, temperature: upset, upset_since: 2026-03-02T09:00:00+08:00}]
      contacts: [{id: c1, made_by: customer, at: 2026-03-02T09:00:00+08:00, outcome: reached, noted: true}]
      """
    When the policy decides at 2026-03-02 10:00
    Then the plan starts with
      | action             |
      | ask_about_injuries |
    When the policy decides at 2026-03-03 10:00
    Then the plan starts with
      | action    |
      | call_back |
    When these signals
      | id    | kind  | at               |
      | paper | media | 2026-03-03 09:50 |
    And the policy decides again
    Then the plan starts with
      | action    |
      | call_back |
    And ask_about_injuries is planned because of somebody-is-at-risk

  Scenario: A suspicion that is open: what shows it is kept before anybody is told, and nobody asks whether all is well
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, product.returned_at: 2026-03-02T09:00:00+08:00}
      claims: [{id: bricks, made_by: case_owner, against: customer, recorded_at: 2026-03-02T09:00:00+08:00}]
      acts: [{action: do_what_was_asked, by: case_owner, at: 2026-03-02T09:10:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then the plan starts with
      | action         |
      | secure_product |
    And take_upstairs is planned because of a-suspicion-goes-to-whoever-decides
    And confirm_need is not planned
    And confirm_in_writing is not planned

  Scenario Outline: Help counts from the distress, and ends where money is asked for a week after its hour
    Given this case
      """
      facts: {case.opened_at: 2026-02-20T09:00:00+08:00, case.owner: case_owner, people.at_risk: true, <facts>}
      parties: [{id: son, role: customer, temperature: upset, upset_since: 2026-03-02T09:50:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then help_at_once is <outcome>

    Examples:
      | facts                                                                     | outcome                                                  |
      | customer.on_the_line: true, customer.need: his mother warm                 | planned because of help-whoever-is-frail-and-in-distress |
      | customer.on_the_line: true, people.injured: true                          | not planned                                              |
      | customer.on_the_line: false, customer.needed_by: 2026-02-25T09:00:00+08:00 | planned because of help-with-what-cannot-wait            |
      | customer.needed_by: 2026-02-22T09:00:00+08:00, customer.need: a warm flat | planned because of help-with-what-cannot-wait            |
      | customer.needed_by: 2026-02-22T09:00:00+08:00                             | not planned                                              |
      | customer.needed_by: 2026-02-22T09:00:00+08:00, customer.wants_money: true  | not planned                                              |

  Scenario: Who lied, owns up and pays back is thanked; nothing is refused any more, and nobody presses
    Given this case
      """
      currency: GBP
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, customer.good_faith: bad, refusal.reason: the boxes were found, refusal.holds: true}
      parties: [{id: guest, role: customer, temperature: calm}]
      signals: [{id: star, kind: posting, at: 2026-03-02T09:10:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then the plan starts with
      | action |
      | refuse |
    And press_customer is forbidden because of no-pressure-to-decide
    When it becomes known that customer.offers_to_pay is true
    And the policy decides again
    Then settle_complaint is planned because of whoever-owns-up-is-let-go
    And thank_customer is planned because of whoever-owns-up-is-let-go
    And refuse is not planned
    And take_upstairs is not planned
    And brief_pr is not planned

  Scenario Outline: A calm post asks for something; a threat goes upstairs
    Given this case
      """
      facts: {case.kind: <case_kind>, case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner}
      parties: [{id: dev, role: customer, temperature: <temperature>}]
      signals: [{id: post, kind: <kind>, at: 2026-03-02T09:10:00+08:00}]
      """
    When the policy decides at 2026-03-02 09:20
    Then take_upstairs is <outcome>

    Examples:
      | case_kind | temperature | kind      | outcome                                              |
      | complaint | calm        | posting   | not planned                                          |
      | request   | uneasy      | posting   | not planned                                          |
      | complaint | uneasy      | posting   | planned because of take-it-upstairs-on-a-risk-signal |
      | complaint | calm        | regulator | planned because of take-it-upstairs-on-a-risk-signal |

  Scenario: Whoever asks for something simple has it done before anybody looks into how it came about
    Given this case
      """
      facts: {case.kind: request, case.opened_at: 2026-03-02T09:00:00+08:00, request.what: take the refund back, document.wrong: true}
      parties: [{id: lady, role: customer, temperature: calm}]
      """
    When the policy decides at 2026-03-02 09:05
    Then the plan starts with
      | action            |
      | do_what_was_asked |
    And examine_cause is not planned

  Scenario: One of ours was hurt by a customer: they are looked after, and nobody is alone with the one who did it
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, customer.on_the_line: true, staff.harmed: true, people.injured: true}
      parties: [{id: rider, role: customer, temperature: furious, upset_since: 2026-03-02T09:00:00+08:00}, {id: driver, role: frontline}]
      contacts: [{id: here, made_by: rider, made_to: driver, at: 2026-03-02T09:00:00+08:00, outcome: reached}]
      claims: [{id: hit, made_by: driver, against: rider, recorded_at: 2026-03-02T09:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 09:05
    Then it is concluded that customer.did_harm is true
    And ask_how_they_are about driver is planned because of stand-by-whoever-was-hurt
    And report_to_authority is planned because of stand-by-whoever-was-hurt
    And set_limit is planned because of the-limit-is-said-in-the-talk
    And listen_in_private about rider is forbidden because of stand-by-whoever-was-hurt
    And go_to_customer is forbidden because of nobody-meets-a-threat-alone
    And express_regret is not planned
    When it becomes known that staff.harmed is false
    And the policy decides again
    Then it is not concluded that customer.did_harm is true
    And ask_how_they_are is not planned
    And express_regret is planned because of care-from-the-first-contact

  Scenario: The film shows who was hurt by whom, without anybody saying so
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, hazard.happened: true}
      claims: [{id: hit, made_by: frontline, against: customer, recorded_at: 2026-03-02T09:00:00+08:00}]
      evidence: [{id: film, claim: hit, kind: recording, stance: supports, direct: true}]
      """
    When the policy decides at 2026-03-02 10:00
    Then it is concluded that customer.did_harm is true
    When it becomes known that the direct of film in evidence is false
    And the policy decides again
    Then it is not concluded that customer.did_harm is true

  Scenario: Two customers who blame each other are both heard; only our own suspicion is kept to whoever decides
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner}
      parties: [{id: below, role: customer, temperature: upset, upset_since: 2026-03-02T09:00:00+08:00}, {id: above, role: customer, temperature: calm}]
      claims: [{id: noise, made_by: below, against: above, recorded_at: 2026-03-02T09:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then listen_in_private about below is planned because of listen-first
    And hear_other_side about noise is planned because of hear-the-other-side
    And secure_product is not planned

  Scenario: Somebody in mourning
    Given this case
      """
      currency: GBP
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, people.bereaved: true}
      charges: [{id: bill, amount: 63, open: true}]
      """
    When the policy decides at 2026-03-02 10:00
    Then express_regret is planned because of whoever-is-in-mourning
    And dun_customer is forbidden because of whoever-is-in-mourning
    When it becomes known that people.bereaved is false
    And the policy decides again
    Then dun_customer is not forbidden

  Scenario: Two answers, of which one holds
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner}
      answers: [{id: second, given_at: 2026-03-02T09:30:00+08:00, found: on the 14th, convincing: true, contradicts_earlier: true}]
      """
    When the policy decides at 2026-03-02 10:00
    Then improve_answer about second is planned because of would-it-convince-you
    And improve_answer about second is due at 2026-03-03 18:00
    When it becomes known that the contradicts_earlier of second in answers is false
    And the policy decides again
    Then improve_answer is not planned

  Scenario: Held back for the customer's own protection: said at once and aside, and not done to be rid of them
    Given this case
      """
      facts: {case.kind: request, case.opened_at: 2026-03-02T09:00:00+08:00, case.channel: in_person, customer.on_the_line: true, request.what: send 800000, refusal.protects: true}
      """
    When the policy decides at 2026-03-02 09:05
    Then explain_matter is planned because of held-back-for-their-own-good
    And take_aside is planned because of talk-now-and-aside
    And do_what_was_asked is forbidden because of held-back-for-their-own-good
    When it becomes known that refusal.protects is false
    And the policy decides again
    Then do_what_was_asked is planned because of do-what-was-rightly-asked
    And explain_matter is not planned
    And take_aside is not planned

  Scenario: What can be done on the spot is done on the spot
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, case.channel: in_person, customer.on_the_line: true, problem.symptom: no hot water}
      parties: [{id: tony, role: customer, temperature: uneasy}]
      """
    When the policy decides at 2026-03-02 09:05
    Then help_at_once is planned because of what-can-be-done-here-is-done-here
    And open_investigation is not planned
    When it becomes known that the temperature of tony in parties is furious
    And the policy decides again
    Then help_at_once is not planned

  Scenario: Nothing new is taken from somebody who complains
    Given this case
      """
      currency: GBP
      facts: {case.opened_at: 2026-03-01T09:00:00+08:00}
      charges: [{id: fine, kind: handling, amount: 100, charged_at: 2026-03-02T09:00:00+08:00}]
      """
    When it is checked whether accounts may charge_customer about fine at 2026-03-02 10:00
    Then the verdict is forbidden because of nothing-new-is-taken-meanwhile
    When it becomes known that the quoted of fine in charges is 100
    And it is checked whether accounts may charge_customer about fine at 2026-03-02 10:00
    Then the verdict is allowed

  Scenario: A new demand in bad faith hears the same calm no
    Given this case
      """
      history:
        - at: 2026-03-02T09:00:00+08:00
          facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, customer.good_faith: bad, refusal.reason: the film shows it, refusal.holds: true, customer.demand: all of it}
        - at: 2026-03-02T10:00:00+08:00
          acts: [{action: refuse, by: case_owner}]
        - at: 2026-03-03T10:00:00+08:00
          facts: {customer.demand: half of it}
      """
    When the policy decides at 2026-03-02 11:00
    Then refuse is not planned
    When the policy decides at 2026-03-03 11:00
    Then refuse is planned because of each-demand-in-bad-faith-hears-no
    And refuse is due at 2026-03-05 18:00

  Scenario: What is asked after a refusal is another matter
    Given this case
      """
      facts: {case.kind: request, case.opened_at: 2026-03-02T09:00:00+08:00, customer.good_faith: bad, refusal.reason: it was worn, refusal.holds: true, request.what: send it back to me, request.asked_at: 2026-03-03T10:00:00+08:00}
      acts: [{action: refuse, by: case_owner, at: 2026-03-02T10:00:00+08:00}]
      """
    When the policy decides at 2026-03-03 11:00
    Then do_what_was_asked is planned because of do-what-was-rightly-asked
    And refuse is not planned

  Scenario: A request that was done, and said to be done, may be closed; a complaint may not
    Given this case
      """
      facts: {case.kind: request, case.opened_at: 2026-03-02T09:00:00+08:00, request.what: a new address, request.asked_at: 2026-03-02T09:00:00+08:00, request.done_at: 2026-03-02T09:20:00+08:00, problem.solved_at: 2026-03-02T09:20:00+08:00}
      contacts: [{id: reply, made_by: frontline, made_to: customer, at: 2026-03-02T09:20:00+08:00, outcome: replied}]
      """
    When it is checked whether frontline may close_case at 2026-03-02 10:00
    Then the verdict is allowed
    When the policy decides at 2026-03-02 10:00
    Then confirm_need is not planned
    When it becomes known that case.kind is complaint
    And it is checked whether frontline may close_case at 2026-03-02 10:00
    Then the verdict is held because of closing-is-the-customers-word

  Scenario: While feelings run high one person speaks; but anybody may ask how they are
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00}
      parties: [{id: kim, role: customer, temperature: furious, upset_since: 2026-03-02T09:00:00+08:00}]
      """
    When it is checked whether brand_owner may ask_how_they_are about kim at 2026-03-02 10:00
    Then the verdict is allowed
    When it is checked whether brand_owner may call_back at 2026-03-02 10:00
    Then the verdict is forbidden because of one-voice-while-feelings-run-high

  Scenario: Our mistake and our broken word: somebody who can decide tells them
    Given this case
      """
      facts: {case.opened_at: 2026-02-10T11:00:00+08:00, case.owner: case_owner, cause.product_at_fault: true, cause.established_at: 2026-03-02T09:00:00+08:00}
      parties: [{id: hart, role: customer, upset_since: 2026-02-24T10:00:00+08:00}, {id: fitter, role: field_service}]
      contacts:
        - {id: call, made_by: hart, made_to: frontline, at: 2026-02-24T10:00:00+08:00, outcome: reached}
        - {id: aside, made_by: fitter, made_to: hart, at: 2026-03-02T09:30:00+08:00, outcome: reached}
      promises: [{id: ring, promised_by: frontline, made_at: 2026-02-24T10:00:00+08:00, due_at: 2026-02-25T17:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then call_back is planned because of our-mistake-and-our-broken-word-go-up
    And take_upstairs is planned because of our-mistake-and-our-broken-word-go-up
    And take_upstairs is due at 2026-03-03 18:00
    When it becomes known that the kept_at of ring in promises is 2026-02-25T16:00:00+08:00
    And the policy decides again
    Then take_upstairs is not planned
    When the kept_at of ring in promises is not known
    And it becomes known that cause.product_at_fault is false
    And the policy decides again
    Then take_upstairs is not planned

  Scenario: Who stayed calm hears of our mistake from whoever has the case
    Given this case
      """
      facts: {case.opened_at: 2026-02-10T11:00:00+08:00, case.owner: case_owner, cause.product_at_fault: true, cause.established_at: 2026-03-02T09:00:00+08:00}
      parties: [{id: hart, role: customer, temperature: calm}]
      promises: [{id: ring, promised_by: frontline, made_at: 2026-02-24T10:00:00+08:00, due_at: 2026-02-25T17:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then take_upstairs is not planned

  Scenario: What they show to be wrong may go back before the house has had its say
    Given a case in GBP
    And this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, customer.wants_to_return: true}
      parties: [{id: shop, role: provider}]
      claims: [{id: lens, made_by: customer, against: shop}]
      evidence: [{id: test, claim: lens, supplied_by: customer, kind: document, stance: supports, direct: true}]
      """
    When the policy decides at 2026-03-02 10:00
    Then accept_return is planned because of what-is-wrong-may-go-back
    When it becomes known that the kind of test in evidence is statement
    And the policy decides again
    Then accept_return is not planned
    When it becomes known that the kind of test in evidence is photo
    And it becomes known that customer.wants_to_return is false
    And the policy decides again
    Then accept_return is not planned

  Scenario: What speaks against it, or a reason that holds, ends the return
    Given a case in EUR
    And this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, customer.wants_to_return: true}
      claims: [{id: lens, made_by: customer, against: provider}]
      evidence:
        - {id: test, claim: lens, supplied_by: customer, kind: photo, stance: supports, direct: true}
        - {id: film, claim: lens, supplied_by: provider, kind: recording, stance: contradicts, direct: true}
      """
    When the policy decides at 2026-03-02 10:00
    Then accept_return is not planned
    When it becomes known that the withdrawn of film in evidence is true
    And the policy decides again
    Then accept_return is planned because of what-is-wrong-may-go-back
    When it becomes known that refusal.holds is true
    And the policy decides again
    Then accept_return is not planned

  Scenario: What is brought back as bad is kept, and looked into, while the money is looked up
    Given a case in CNY
    And this case
      """
      facts: {case.opened_at: 2026-03-02T09:55:00+08:00, case.owner: case_owner, case.channel: in_person, customer.on_the_line: true, problem.symptom: past its date, customer.wants_money: true}
      parties: [{id: man, role: customer, temperature: upset, upset_since: 2026-03-02T09:55:00+08:00}]
      charges: [{id: milk, kind: goods, amount: 12, open: false, disputed: true, disputed_at: 2026-03-02T09:55:00+08:00}]
      claims: [{id: old, made_by: man, against: provider}]
      """
    When the policy decides at 2026-03-02 10:00
    Then secure_product is planned because of keep-the-thing-that-it-is-about
    And open_investigation is planned because of open-an-inquiry
    And check_charge about milk is planned because of check-what-is-disputed
    When it becomes known that case.channel is phone
    And the policy decides again
    Then secure_product is not planned
    When it becomes known that the kind of milk in charges is service
    And the policy decides again
    Then open_investigation is not planned

  Scenario: What shows how somebody came to harm is kept, until both have seen it
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, people.injured: true}
      """
    When the policy decides at 2026-03-02 10:00
    Then secure_product is planned because of keep-what-shows-how-it-happened
    And secure_product is due at 2026-03-03 09:00
    When it becomes known that people.injured is false
    And the policy decides again
    Then secure_product is not planned

  Scenario: Whoever tried to reach us and found nobody is called within the hour
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, people.at_risk: true}
      contacts: [{id: ring, made_by: customer, at: 2026-03-02T09:50:00+08:00, outcome: no_answer}]
      """
    When the policy decides at 2026-03-02 10:00
    Then call_back is planned because of whoever-found-nobody-is-called
    And call_back is due at 2026-03-02 10:50
    When it becomes known that the outcome of ring in contacts is reached
    And the policy decides again
    Then call_back is not planned

  Scenario: Whoever writes again and is upset is greeted with a kind word, whatever was said before
    Given this case
      """
      facts: {case.opened_at: 2026-02-23T09:00:00+08:00, case.owner: case_owner}
      parties: [{id: lin, role: customer, temperature: upset, upset_since: 2026-03-02T09:00:00+08:00}]
      contacts: [{id: again, made_by: customer, at: 2026-03-02T09:00:00+08:00, outcome: written, noted: true}]
      acts: [{action: apologise, by: case_owner, at: 2026-02-23T10:00:00+08:00}, {action: express_regret, by: case_owner, at: 2026-02-23T10:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then express_regret is planned because of a-kind-word-to-whoever-writes-again
    And express_regret is due at 2026-03-03 18:00
    When it becomes known that the temperature of lin in parties is calm
    And the policy decides again
    Then express_regret is not planned

  Scenario: Solved, and a question of theirs was left open: it is not over, and nobody asks whether all is well
    Given this case
      """
      facts: {case.opened_at: 2026-02-16T09:00:00+08:00, problem.solved_at: 2026-02-26T09:00:00+08:00}
      questions: [{id: why, asked_by: customer, text: Why so late?, asked_at: 2026-02-16T09:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then answer_question about why is planned because of answer-the-question
    And it is concluded that problem.back is true
    And confirm_need is not planned
    When it becomes known that the answered_at of why in questions is 2026-02-25T09:00:00+08:00
    And the policy decides again
    Then confirm_need is planned because of ask-once-whether-all-is-well

  Scenario: What gets worse while they are here is seen to while they are here, even if they only ask
    Given this case
      """
      facts: {case.kind: question, case.opened_at: 2026-03-02T09:50:00+08:00, customer.on_the_line: true, case.urgent_since: 2026-03-02T09:50:00+08:00, problem.symptom: the cat has cramps}
      """
    When the policy decides at 2026-03-02 10:00
    Then help_at_once is planned because of help-with-what-cannot-wait
    When case.urgent_since is not known
    And the policy decides again
    Then help_at_once is not planned

  Scenario: What may not be asked of us has a way round it
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, request.legitimate: false}
      """
    When the policy decides at 2026-03-02 10:00
    Then prepare_options is planned because of always-a-choice

  Scenario: A night's sleep is offered to whoever was heard today, not last week
    Given this case
      """
      facts: {case.opened_at: 2026-02-23T09:00:00+08:00}
      parties: [{id: lin, role: customer, temperature: upset, upset_since: 2026-02-23T09:00:00+08:00}]
      acts: [{action: listen_in_private, by: case_owner, about: lin, at: 2026-03-02T09:30:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then cool_down about lin is planned because of room-to-cool-down
    When the policy decides at 2026-03-03 10:00
    Then cool_down about lin is not planned
    When these signals
      | id   | kind    | at                        |
      | post | posting | 2026-03-02T09:50:00+08:00 |
    And the policy decides at 2026-03-02 10:00
    Then cool_down about lin is not planned
    And call_back is planned because of call-back-on-a-risk-signal

  Scenario: What was refuted after the refusal is told
    Given this case
      """
      facts: {case.opened_at: 2026-03-01T09:00:00+08:00, refusal.reason: the seat was somebody else's, refusal.holds: true}
      claims: [{id: pulled, made_by: customer, against: frontline, answered: true, answered_at: 2026-03-02T09:00:00+08:00}]
      evidence: [{id: film, claim: pulled, supplied_by: provider, kind: recording, stance: contradicts, direct: true}]
      acts: [{action: refuse, by: frontline, at: 2026-03-01T09:30:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then explain_matter is planned because of tell-what-was-found
    When it becomes known that the answered of pulled in claims is false
    And the policy decides again
    Then explain_matter is not planned

  Scenario: A cause is not named while nobody has looked
    Given a case in GBP
    And this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00}
      charges: [{id: bill, kind: service, amount: 17000, disputed: true, disputed_at: 2026-03-02T09:00:00+08:00}]
      """
    When it is checked whether frontline may state_cause at 2026-03-02 10:00
    Then the verdict is held because of no-verdict-without-a-diagnosis
    When it becomes known that the explained_at of bill in charges is 2026-03-02T09:30:00+08:00
    And it is checked whether frontline may state_cause at 2026-03-02 10:00
    Then the verdict is allowed

  Scenario: Whose name is on a list does not have the case yet
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00}
      parties: [{id: lin, role: customer, temperature: uneasy}, {id: head, role: case_owner}]
      contacts: [{id: call, made_by: lin, made_to: frontline, at: 2026-03-02T09:00:00+08:00, outcome: reached}]
      """
    When the policy decides at 2026-03-02 10:00
    Then assign_owner is planned because of one-owner
    When it becomes known that the made_to of call in contacts is head
    And the policy decides again
    Then assign_owner is not planned
    When it becomes known that the made_to of call in contacts is frontline
    And it becomes known that the temperature of lin in parties is upset
    And the policy decides again
    Then assign_owner is not planned
    But take_upstairs is planned because of somebody-who-can-decide-for-whoever-is-upset

  Scenario: A day that is weeks away is no word on when they hear
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:55:00+08:00, customer.on_the_line: true}
      promises: [{id: works, promised_by: partner, made_at: 2026-02-27T09:00:00+08:00, due_at: 2026-04-27T18:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then note_answer_time is planned because of name-the-hour-of-the-answer
    When it becomes known that the due_at of works in promises is 2026-03-05T18:00:00+08:00
    And the policy decides again
    Then note_answer_time is not planned

  Scenario: Whoever asks for something and is uneasy about it hears when it comes
    Given this case
      """
      facts: {case.kind: request, case.opened_at: 2026-03-02T09:55:00+08:00, case.owner: case_owner, customer.on_the_line: true, request.what: find the transfer}
      parties: [{id: b, role: customer, temperature: uneasy}]
      """
    When the policy decides at 2026-03-02 10:00
    Then note_answer_time is planned because of name-the-hour-of-the-answer
    When it becomes known that the temperature of b in parties is calm
    And the policy decides again
    Then note_answer_time is not planned

  Scenario: What somebody's health hangs on is done; what is said to have been done to them is looked into
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, people.at_risk: true, request.what: a room without stairs, request.asked_at: 2026-03-02T09:00:00+08:00}
      """
    When the policy decides at 2026-03-02 10:00
    Then do_what_was_asked is planned because of do-what-was-rightly-asked
    When it becomes known that refusal.reason is nothing else there
    And the policy decides again
    Then do_what_was_asked is not planned
    When it becomes known that refusal.holds is false
    And the policy decides again
    Then do_what_was_asked is planned because of do-what-was-rightly-asked
    When it becomes known that people.at_risk is false
    And the policy decides again
    Then do_what_was_asked is not planned

  Scenario: Two are no three
    Given this case
      """
      facts: {case.opened_at: 2026-02-02T09:00:00+08:00, case.owner: case_owner, problem.repeated: true, problem.occurrences: 3}
      parties: [{id: kim, role: customer, temperature: calm}, {id: office, role: provider}]
      """
    When the policy decides at 2026-03-02 10:00
    Then convene_review is not planned
    When it becomes known that the role of office in parties is care_line
    And the policy decides again
    Then convene_review is not planned
    When it becomes known that the role of office in parties is partner
    And the policy decides again
    Then convene_review is planned because of review-after-a-failed-escalation

  Scenario: Who threatens and is owed nothing meets the limit and a no, and first whoever decides
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, customer.good_faith: bad, customer.wants_money: true, cause.product_at_fault: false, product.secured: true}
      evidence: [{id: film, kind: recording, stance: contradicts, direct: true}]
      signals: [{id: s, kind: regulator, at: 2026-03-02T09:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then quote_law is not planned
    And refuse is not planned
    And take_upstairs is planned because of take-it-upstairs-on-a-risk-signal
    And secure_product is planned because of keep-the-evidence-of-bad-faith
    When it becomes known that customer.on_the_line is true
    And it becomes known that customer.abusive is true
    And the policy decides again
    Then set_limit is planned because of the-limit-is-said-in-the-talk
    And refuse is planned because of each-demand-in-bad-faith-hears-no
    When it becomes known that refusal.reason is the film shows it
    And the policy decides again
    Then set_limit is not planned

  Scenario: A danger that is over is not what a call is about two days later
    Given this case
      """
      facts: {case.opened_at: 2026-02-28T19:00:00+08:00, case.urgent_since: 2026-02-28T19:00:00+08:00, hazard.happened: true, hazard.ongoing: false, customer.on_the_line: true}
      parties: [{id: groom, role: customer, temperature: upset, upset_since: 2026-03-02T09:55:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then express_regret is planned because of a-kind-word-to-whoever-is-here
    And ask_about_injuries is not planned
    And secure_product is not planned
    And go_to_customer is not planned
    When it becomes known that hazard.ongoing is true
    And the policy decides again
    Then the plan includes in this order
      | action             | phase  |
      | ask_about_injuries | safety |
      | express_regret     | calm   |

  Scenario: What was asked for has been given: the law asks for no more
    Given a case in TWD
    And this case
      """
      facts: {case.opened_at: 2026-02-18T10:00:00+08:00, case.jurisdiction: taiwan}
      charges: [{id: fee, amount: 100}]
      """
    When the policy decides at 2026-03-02 10:00
    Then settle_complaint is planned because of taiwan-answer-within-15-days
    When accept_return is done by case_owner at 2026-03-02T09:00:00+08:00
    And the policy decides again
    Then settle_complaint is not planned

  Scenario: Our fault went on for weeks, with a broken word on top: what it cost them is worked out before they ask
    Given this case
      """
      facts: {case.opened_at: 2026-02-16T09:00:00+08:00, cause.product_at_fault: true}
      parties: [{id: lin, role: customer, upset_since: 2026-02-21T09:00:00+08:00}]
      promises: [{id: call, promised_by: frontline, due_at: 2026-02-20T18:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then estimate_loss is planned because of what-it-cost-them-besides
    When it becomes known that customer.declined_gifts is true
    And the policy decides again
    Then estimate_loss is not planned

  Scenario: A child was hurt while with us: the authority learns it from us, the same day
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, hazard.happened: true, people.injured: true, customer.speaks_for: her son of four}
      """
    When the policy decides at 2026-03-02 10:00
    Then report_to_authority is planned because of whoever-was-in-our-care-is-reported
    When customer.speaks_for is not known
    And the policy decides again
    Then report_to_authority is not planned

  Scenario: Whoever was hurt is asked how they are in every talk, before they are sent to a doctor
    Given this case
      """
      facts: {case.opened_at: 2026-03-01T09:00:00+08:00, people.injured: true, customer.on_the_line: true}
      contacts: [{id: again, made_by: customer, at: 2026-03-02T09:50:00+08:00, outcome: reached}]
      acts: [{action: ask_about_injuries, by: frontline, at: 2026-03-01T09:05:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then the plan starts with
      | action             |
      | ask_about_injuries |
      | care_for_injured   |
    And ask_about_injuries is planned because of whoever-was-hurt-is-asked-each-time
    And ask_about_injuries is due at 2026-03-02 10:50
    When the policy decides at 2026-03-02 10:50
    Then ask_about_injuries is not planned

  Scenario: What somebody's health hangs on is bridged until it works
    Given this case
      """
      facts: {case.kind: request, case.opened_at: 2026-03-02T09:00:00+08:00, people.at_risk: true, customer.need: a warm room for a child with asthma, service.asked_at: 2026-03-02T09:00:00+08:00}
      """
    When the policy decides at 2026-03-02 10:00
    Then help_at_once is planned because of bridged-until-it-works
    And help_at_once is due at 2026-03-02 13:00
    When it becomes known that customer.needed_by is 2026-03-06T18:00:00+08:00
    And the policy decides again
    Then help_at_once is not planned

  Scenario: Where what was promised did not come, and somebody's health hangs on it, something takes its place tonight
    Given this case
      """
      facts: {case.opened_at: 2026-02-27T09:00:00+08:00, case.urgent_since: 2026-02-27T09:00:00+08:00, people.at_risk: true, customer.need: heat, customer.on_the_line: true}
      promises: [{id: gas, promised_by: carrier, promised_to: customer, made_at: 2026-02-27T09:10:00+08:00, due_at: 2026-03-02T09:30:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then help_at_once is planned because of a-broken-promise-on-which-health-hangs
    And help_at_once is due at 2026-03-02 10:30
    When it becomes known that customer.on_the_line is false
    And the policy decides again
    Then help_at_once is not planned

  Scenario: A promise about which they are upset before its day is looked at
    Given this case
      """
      facts: {case.opened_at: 2026-02-20T09:00:00+08:00}
      parties: [{id: lin, role: customer, temperature: furious, upset_since: 2026-03-02T09:00:00+08:00}]
      promises: [{id: part, promised_by: partner, promised_to: customer, made_at: 2026-02-27T10:00:00+08:00, due_at: 2026-03-20T18:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then check_promise about part is planned because of a-promise-that-they-ask-after-is-looked-at
    When it becomes known that the temperature of lin is calm
    And the policy decides again
    Then check_promise about part is not planned

  Scenario: What may have been taken leaves a trace that is kept
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00}
      claims: [{id: opened, made_by: customer, against: carrier}]
      lost_things: [{id: medicine, what: a box of medicine, reported_at: 2026-03-02T09:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then secure_product is planned because of what-may-have-been-taken
    And secure_product is due at 2026-03-03 09:00
    When it becomes known that the found_at of medicine is 2026-03-02T10:00:00+08:00
    And the policy decides again
    Then secure_product is not planned

  Scenario: What came late is not over while their question stands open
    Given this case
      """
      facts: {case.opened_at: 2026-02-27T09:00:00+08:00, problem.solved_at: 2026-03-02T09:00:00+08:00, problem.solved_by: carrier}
      promises: [{id: gas, promised_by: carrier, promised_to: customer, made_at: 2026-02-27T09:10:00+08:00, due_at: 2026-02-28T18:00:00+08:00, kept_at: 2026-03-02T09:00:00+08:00}]
      questions: [{id: why, asked_by: customer, text: "Why did nobody fill it?", asked_at: 2026-02-27T09:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then express_regret is planned
    When it becomes known that the kept_at of gas is 2026-02-28T17:00:00+08:00
    And the policy decides again
    Then express_regret is not planned

  Scenario: While it presses, a bad answer is put right by the next one
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, people.at_risk: true}
      questions: [{id: nuts, asked_by: customer, text: "Are there nuts in it?", asked_at: 2026-03-02T09:00:00+08:00}]
      answers: [{id: no, question: nuts, spoken_by: frontline, given_at: 2026-03-02T09:00:00+08:00, found: none, convincing: false}]
      """
    When the policy decides at 2026-03-02 10:00
    Then answer_question about nuts is planned
    And improve_answer about no is not planned
    When it becomes known that people.at_risk is false
    And the policy decides again
    Then improve_answer about no is planned because of would-it-convince-you

  Scenario: Who has the case is settled together with bringing in whoever can decide
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00}
      parties: [{id: lin, role: customer, temperature: furious, upset_since: 2026-03-02T09:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then the plan includes
      | action        | owner      |
      | take_upstairs | case_owner |
      | assign_owner  | case_owner |

  Scenario: Those who stand up for somebody who was hurt with us are told within the hour
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, people.injured: true, customer.speaks_for: his mother}
      contacts: [{id: report, made_by: frontline, made_to: case_owner, at: 2026-03-02T09:30:00+08:00, outcome: reached}]
      """
    When the policy decides at 2026-03-02 10:00
    Then call_back is planned because of whoever-belongs-to-them-is-told
    When it becomes known that the made_by of report is customer
    And the policy decides again
    Then call_back is not planned

  Scenario: An authority that writes is answered by the day that it named
    Given this case
      """
      facts: {case.opened_at: 2026-02-20T09:00:00+08:00}
      contacts: [{id: letter, made_by: authority, made_to: provider, at: 2026-03-02T09:00:00+08:00, outcome: written, answer_by: 2026-03-09T18:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then report_to_authority is planned because of an-authority-that-writes-is-answered
    And report_to_authority is due at 2026-03-09 18:00
    When it becomes known that the made_by of letter is provider
    And it becomes known that the made_to of letter is authority
    And the policy decides again
    Then report_to_authority is not planned

  Scenario: An authority that was told how the case stands has been answered, until it writes again
    Given this case
      """
      facts: {case.opened_at: 2026-02-20T09:00:00+08:00}
      parties: [{id: ombudsman, role: authority}]
      contacts: [{id: letter, made_by: ombudsman, made_to: provider, at: 2026-03-02T09:00:00+08:00, outcome: written, answer_by: 2026-03-09T18:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then report_to_authority is planned because of an-authority-that-writes-is-answered
    When tell_party about ombudsman is done by case_owner at 2026-03-03 10:00
    And the policy decides at 2026-03-03 11:00
    Then report_to_authority is not planned
    When these contacts
      | id    | made_by   | made_to  | at                        | outcome |
      | again | ombudsman | provider | 2026-03-05T09:00:00+08:00 | written |
    And the policy decides at 2026-03-05 10:00
    Then report_to_authority is planned because of an-authority-that-writes-is-answered

  Scenario: Who cannot pay is not pressed, and a way that they can manage is looked for
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, customer.cannot_pay: true}
      learned_at: {customer.cannot_pay: 2026-03-02T09:00:00+08:00}
      charges: [{id: arrears, amount: 4200}]
      """
    When the policy decides at 2026-03-02 10:00
    Then prepare_options is planned because of who-cannot-pay-is-not-pressed
    And prepare_options is due at 2026-03-04 18:00
    And dun_customer is forbidden because of who-cannot-pay-is-not-pressed
    When it becomes known that customer.good_faith is bad
    And the policy decides again
    Then prepare_options is not planned

  Scenario: A sum that the law fixes is paid, whether or not the cause is known
    Given this case
      """
      currency: CNY
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner}
      losses: [{id: delay, amount: 600, connected: true, recorded_at: 2026-03-02T09:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then pay_loss is held because of settlement-waits-for-the-cause
    When these losses
      | id    | fixed_by_law |
      | delay | true         |
    And the policy decides again
    Then pay_loss is planned because of what-the-law-fixes-is-paid
    And pay_loss is due at 2026-03-09 09:00
    When it becomes known that cause.product_at_fault is false
    And the policy decides again
    Then pay_loss is planned because of what-the-law-fixes-is-paid

  Scenario: Somebody of ours was hurt by the customer: a lead decides how to go on, and says it in writing
    Given this case
      """
      facts: {case.opened_at: 2026-03-01T09:00:00+08:00, case.owner: case_owner, request.what: a refund, staff.harmed: true}
      acts: [{action: apologise, by: case_owner, at: 2026-03-02T09:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then take_upstairs is planned because of a-lead-decides-about-whoever-hurt-one-of-ours
    When 1 hour later take_upstairs is done by case_owner
    And the policy decides again
    Then agree_process is planned because of a-limit-is-put-in-writing
    And confirm_in_writing is planned because of a-limit-is-put-in-writing

  Scenario: Whoever complains in public or to an authority asks what we change, a day after they came to us
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner}
      signals: [{id: paper, kind: media, at: 2026-03-02T09:30:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then change_process is not planned
    When the policy decides at 2026-03-03 10:00
    Then change_process is planned because of change-what-let-it-happen
    When it becomes known that customer.good_faith is bad
    And the policy decides again
    Then change_process is not planned

  Scenario: Where somebody has died, sympathy comes before any question of who is hurt
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, people.injured: true, customer.on_the_line: true}
      """
    When the policy decides at 2026-03-02 09:05
    Then the plan starts with
      | action           |
      | care_for_injured |
    When it becomes known that people.bereaved is true
    And the policy decides again
    Then the plan starts with
      | action           |
      | care_for_injured |
    When it becomes known that customer.on_the_line is false
    And the policy decides again
    Then the plan starts with
      | action         |
      | express_regret |

  Scenario: Whoever only asks for something that cannot wait is told when they hear, and meets somebody who can decide if they are upset
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, case.kind: request, request.what: the money for the hospital, people.at_risk: true, customer.on_the_line: true}
      parties: [{id: chen, role: customer, temperature: calm}]
      """
    When the policy decides at 2026-03-02 09:05
    Then note_answer_time is planned because of name-the-hour-of-the-answer
    And take_upstairs is not planned
    When these parties
      | id   | temperature | upset_since      |
      | chen | upset       | 2026-03-02 09:05 |
    And the policy decides again
    Then take_upstairs is planned because of somebody-who-can-decide-for-whoever-is-upset

  Scenario: Whoever has threatened, however long ago, hears a voice before the charge is put right
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner}
      parties: [{id: chan, role: customer, temperature: uneasy}]
      contacts: [{id: letter, made_by: customer, at: 2026-03-12T09:00:00+08:00, outcome: written}]
      charges: [{id: move, amount: 16000, quoted: 8000, disputed: true, disputed_at: 2026-03-02T09:00:00+08:00}]
      """
    When the policy decides at 2026-03-12 10:00
    Then the plan starts with
      | action       | about |
      | waive_charge | move  |
    When these signals
      | id      | kind                 | at               |
      | council | consumer_association | 2026-03-05 09:00 |
    And the policy decides again
    Then the plan starts with
      | action    | about |
      | call_back | null  |

  Scenario: An apology or an answer is no second voice, another call is; what was found may be told after it is solved
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner}
      parties: [{id: wu, role: customer, temperature: furious}]
      """
    When it is checked whether provider may apologise at 2026-03-02 10:00
    Then the verdict is allowed
    When it is checked whether provider may call_back at 2026-03-02 10:00
    Then the verdict is forbidden because of one-voice-while-feelings-run-high
    When these parties
      | id | temperature |
      | wu | calm        |
    And it becomes known that problem.solved_at is 2026-03-02 10:05
    And it is checked whether case_owner may explain_matter at 2026-03-02 12:00
    Then the verdict is allowed

  Scenario: The house's own doing, once it is plain, needs nobody's word; what is said against a person is still put to them
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner}
      claims:
        - {id: bill, made_by: customer, against: provider}
        - {id: rude, made_by: customer, against: frontline}
      """
    When the policy decides at 2026-03-02 10:00
    Then hear_other_side about bill is planned because of hear-the-other-side
    When it becomes known that cause.product_at_fault is true
    And the policy decides again
    Then hear_other_side about bill is not planned
    But hear_other_side about rude is planned because of hear-the-other-side
    When it becomes known that problem.solved_by is customer
    And the policy decides again
    Then hear_other_side about rude is not planned
    When it becomes known that case.formal is true
    And the policy decides again
    Then hear_other_side about bill is planned because of hear-the-other-side

  Scenario: A point that is refuted, and was explained, is not put to anybody any more
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner}
      claims: [{id: stole, made_by: customer, against: frontline}]
      evidence: [{id: log, claim: stole, supplied_by: care_line, kind: document, stance: contradicts, direct: true}]
      """
    When the policy decides at 2026-03-02 10:00
    Then hear_other_side about stole is planned because of hear-the-other-side
    When explain_matter is done by case_owner at 2026-03-02 10:05
    And the policy decides again
    Then hear_other_side about stole is not planned

  Scenario: A house that owns up is no accused: it keeps the case and may apologise
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: chief, people.injured: false}
      parties: [{id: chief, role: provider}, {id: nurse, role: frontline}]
      claims: [{id: expired, made_by: chief, against: chief}]
      """
    When the policy decides at 2026-03-02 10:00
    Then assign_owner is not planned
    And hear_other_side about expired is not planned
    When it is checked whether chief may apologise about expired at 2026-03-02 10:00
    Then the verdict is allowed
    When it becomes known that the made_by of expired in claims is nurse
    And the policy decides again
    Then assign_owner is planned because of nobody-looks-into-their-own-case
    When it is checked whether chief may apologise about expired at 2026-03-02 10:00
    Then the verdict is forbidden because of no-apology-for-what-is-no-fact
    When it becomes known that customer.need_met is true
    And the policy decides again
    Then assign_owner is not planned

  Scenario: The head of the house, who has the case, is the one voice
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: chief}
      parties: [{id: chief, role: provider}, {id: wu, role: customer, temperature: furious}]
      """
    When it is checked whether chief may call_back at 2026-03-02 10:00
    Then the verdict is allowed
    When it becomes known that case.owner is care_line
    And it is checked whether chief may call_back at 2026-03-02 10:00
    Then the verdict is forbidden because of one-voice-while-feelings-run-high

  Scenario: An apology for the point is one for the fault, and soothes who has threatened before it
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, cause.product_at_fault: true, cause.established_at: 2026-03-02T09:30:00+08:00}
      claims: [{id: dog, made_by: customer, against: provider, answered: true}]
      evidence: [{id: film, claim: dog, supplied_by: provider, kind: recording, stance: supports, direct: true}]
      signals: [{id: press, kind: media, at: 2026-03-02T09:40:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then apologise is planned because of apologise-for-our-own-fault
    And express_regret is planned because of soothe-on-a-risk-signal
    When apologise about dog is done by provider at 2026-03-02 10:05
    And the policy decides again
    Then apologise is not planned
    And express_regret is not planned
    When these signals
      | id   | kind    | at               |
      | post | posting | 2026-03-02 10:06 |
    And the policy decides at 2026-03-02 10:10
    Then express_regret is planned because of soothe-on-a-risk-signal
    When the policy decides at 2026-03-17 10:10
    Then express_regret is not planned

  Scenario: Whoever was told in the same talk when they have the answer is not rung for having threatened in it
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner}
      signals: [{id: review, kind: posting, at: 2026-03-02T09:05:00+08:00}]
      promises: [{id: friday, promised_by: case_owner, promised_to: customer, made_at: 2026-03-02T09:10:00+08:00, due_at: 2026-03-06T17:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then call_back is planned because of call-back-on-a-risk-signal
    When note_answer_time is done by case_owner at 2026-03-02 09:10
    And the policy decides again
    Then call_back is not planned

  Scenario: Whoever waits for a day that was named hears the result on that day
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner}
      claims: [{id: fish, made_by: customer, against: partner, answered: true, answered_at: 2026-03-02T15:00:00+08:00}]
      evidence: [{id: logs, claim: fish, kind: document, stance: contradicts, direct: true}]
      promises: [{id: friday, promised_by: case_owner, promised_to: customer, made_at: 2026-03-02T09:10:00+08:00, due_at: 2026-03-06T17:00:00+08:00}]
      """
    When the policy decides at 2026-03-03 10:00
    Then explain_matter is not planned
    When the policy decides at 2026-03-06 10:00
    Then explain_matter is planned because of tell-what-was-found

  Scenario: Who has mistakes of ours before the customer notices tells them, though nobody has spoken with them
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T16:40:00+08:00, case.owner: case_owner, cause.product_at_fault: true, cause.established_at: 2026-03-02T16:40:00+08:00}
      """
    When the policy decides at 2026-03-02 16:50
    Then call_back is not planned
    When take_out_of_use is done by case_owner at 2026-03-02 16:45
    And the policy decides again
    Then call_back is planned because of tell-them-before-they-find-out
    And note_answer_time is planned because of tell-them-before-they-find-out

  Scenario: The press may have its answer once the customer has theirs in writing
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner}
      signals: [{id: press, kind: media, at: 2026-03-02T09:40:00+08:00}]
      """
    When it is checked whether public_relations may speak_to_press at 2026-03-02 10:00
    Then the verdict is held because of the-customer-before-the-press
    When confirm_in_writing is done by case_owner at 2026-03-02 10:00
    And it is checked whether public_relations may speak_to_press at 2026-03-02 10:05
    Then the verdict is allowed

  Scenario: How a breach came about is not taken down once its cause is known
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, privacy.breached: true}
      """
    When the policy decides at 2026-03-02 10:00
    Then open_investigation is planned because of take-down-what-happened
    When it becomes known that cause.established_at is 2026-03-02T09:30:00+08:00
    And the policy decides again
    Then open_investigation is not planned

  Scenario: What it cost them besides is asked, though one loss is known; not while they are here and upset
    Given this case
      """
      currency: TWD
      facts: {case.opened_at: 2026-02-16T09:00:00+08:00, case.owner: case_owner, cause.product_at_fault: true}
      parties: [{id: lin, role: customer, temperature: calm}]
      losses: [{id: day-off, amount: 900, connected: true}]
      """
    When the policy decides at 2026-03-02 10:00
    Then estimate_loss is not planned
    When it becomes known that customer.wants_money is true
    And the policy decides again
    Then estimate_loss is planned because of what-it-cost-them-besides
    When it becomes known that customer.wants_money is false
    And it becomes known that case.formal is true
    And the policy decides again
    Then estimate_loss is planned because of what-it-cost-them-besides
    When it becomes known that customer.on_the_line is true
    And the policy decides again
    Then estimate_loss is planned because of what-it-cost-them-besides
    When these parties
      | id  | temperature |
      | lin | upset       |
    And the policy decides again
    Then estimate_loss is not planned

  Scenario: A refusal whose ground the customer disputes waits until that was looked into
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, refusal.reason: the contract says so}
      claims: [{id: signed-for, made_by: customer, against: sales}]
      """
    When the policy decides at 2026-03-02 10:00
    Then refuse is not planned
    When it becomes known that the answered of signed-for in claims is true
    And the policy decides again
    Then refuse is planned because of refuse-clearly
    When the answered of signed-for in claims is not known
    And it becomes known that refusal.holds is true
    And the policy decides again
    Then refuse is planned because of refuse-clearly

  Scenario: A refusal that holds, and that nobody has come back on for days, may be an end
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, refusal.reason: no sign of it, refusal.holds: true}
      contacts: [{id: answer, made_by: case_owner, made_to: customer, at: 2026-03-09T14:25:00+08:00, outcome: replied}]
      acts: [{action: refuse, by: case_owner, at: 2026-03-09T14:25:00+08:00, params: {reason: no sign of it}}]
      """
    When it is checked whether case_owner may close_case at 2026-03-10 09:00
    Then the verdict is held because of closing-is-the-customers-word
    When it is checked whether case_owner may close_case at 2026-03-16 09:00
    Then the verdict is allowed
    When close_case is done by case_owner at 2026-03-16 09:00
    And the policy decides at 2026-03-16 10:00
    Then it is not concluded that closure.premature is true
    When these contacts
      | id    | made_by  | made_to    | at               | outcome |
      | again | customer | case_owner | 2026-03-16 09:30 | written |
    And the policy decides again
    Then it is concluded that closure.premature is true

  Scenario: Nobody is put off with vague words, whatever they came with
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.kind: question}
      """
    When it is checked whether frontline may brush_off at 2026-03-02 10:00
    Then the verdict is forbidden because of never-refuse-vaguely

  Scenario: Where it was plainly us nobody's receipt is looked at, what they ask for is done, and what is wrong may go back
    Given this case
      """
      currency: EUR
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, customer.demand: please send the shoes}
      proofs: [{id: order, kind: order_record, reasonable: true}]
      charges: [{id: shoes, kind: goods, amount: 89, open: false}]
      """
    When the policy decides at 2026-03-02 10:00
    Then accept_proof about order is planned because of accept-any-reasonable-proof
    And put_right is not planned
    When it becomes known that cause.product_at_fault is true
    And the policy decides again
    Then accept_proof is not planned
    And put_right is planned because of put-it-right
    When it becomes known that customer.wants_to_return is true
    And it becomes known that customer.needed_by is 2026-03-02T18:00:00+08:00
    And the policy decides again
    Then accept_return is planned because of what-is-wrong-may-go-back
    And put_right is not planned
    And help_at_once is not planned
    When it becomes known that customer.wants_to_return is false
    And the policy decides again
    Then help_at_once is planned because of help-with-what-cannot-wait

  Scenario: A house cannot be fetched
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, service.asked_at: 2026-03-02T09:00:00+08:00}
      acts: [{action: deny_service, by: frontline, at: 2026-03-02T09:30:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then collect_product is planned because of collect-what-others-turned-away
    When these appointments
      | id   | kind  | state   | at               |
      | wash | visit | pending | 2026-03-04 10:00 |
    And the policy decides again
    Then collect_product is not planned

  Scenario: What came back from repair and is no better leaves a choice, and nobody asks whether it is well
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, product.returned_at: 2026-03-01T17:00:00+08:00}
      """
    When the policy decides at 2026-03-02 10:00
    Then confirm_need is planned because of ask-after-handing-back
    And prepare_options is not planned
    When it becomes known that problem.repeated is true
    And the policy decides again
    Then confirm_need is not planned
    And prepare_options is planned because of always-a-choice
    When it becomes known that hazard.ongoing is true
    And the policy decides again
    Then prepare_options is not planned

  Scenario: What was rightly asked leaves nothing to choose, and nobody writes down what they see done
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, case.kind: request, request.what: find my bag, request.asked_at: 2026-03-02T09:00:00+08:00, case.channel: in_person, customer.on_the_line: true}
      acts: [{action: listen_in_private, about: lee, by: case_owner, at: 2026-03-02T09:05:00+08:00}]
      parties: [{id: lee, role: customer, temperature: calm}]
      """
    When the policy decides at 2026-03-02 09:20
    Then do_what_was_asked is planned because of do-what-was-rightly-asked
    And prepare_options is not planned
    And confirm_in_writing is not planned
    When it becomes known that case.channel is email
    And it becomes known that customer.on_the_line is false
    And the policy decides again
    Then confirm_in_writing is planned because of whoever-asks-has-it-in-writing
    When these lost_things
      | id  | what  | reported_at      |
      | bag | a bag | 2026-03-02 09:00 |
    And the policy decides again
    Then confirm_in_writing is not planned

  Scenario: Who was answered in writing that it is done has it in writing
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, case.kind: request, request.what: another figure, request.asked_at: 2026-03-02T09:00:00+08:00}
      acts: [{action: do_what_was_asked, by: case_owner, at: 2026-03-02T11:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 12:00
    Then confirm_in_writing is planned because of whoever-asks-has-it-in-writing
    And confirm_in_writing is planned because of confirm-it-in-writing
    When these contacts
      | id    | made_by    | made_to  | at               | outcome |
      | reply | case_owner | customer | 2026-03-02 11:00 | replied |
    And the policy decides again
    Then confirm_in_writing is not planned

  Scenario: A plain request that was turned away is done while they are here, whatever the case is called by now
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, request.what: a table with her guide dog, request.legitimate: true, customer.on_the_line: true}
      claims: [{id: refused, made_by: customer, against: provider}]
      """
    When the policy decides at 2026-03-02 09:10
    Then do_what_was_asked is not planned
    When deny_service is done by frontline at 2026-03-02 09:05
    And the policy decides again
    Then do_what_was_asked is planned because of do-what-was-rightly-asked

  Scenario: A thing of their own that stays lost is no purchase, whatever the carriage cost
    Given this case
      """
      currency: CNY
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner}
      lost_things: [{id: clothes, what: clothes, reported_at: 2026-02-20T09:00:00+08:00}]
      charges: [{id: freight, kind: delivery, amount: 32, open: false}]
      """
    When the policy decides at 2026-03-02 10:00
    Then repair_replace_refund is not planned
    When it becomes known that the kind of freight in charges is goods
    And the policy decides again
    Then repair_replace_refund is planned because of what-stays-lost-is-made-good

  Scenario: Who is calm is answered as they came, and not rung for a form letter
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner}
      parties: [{id: stefano, role: customer, temperature: calm}]
      questions: [{id: why, asked_by: stefano, asked_at: 2026-03-02T09:00:00+08:00}]
      acts: [{action: send_form_letter, by: frontline, at: 2026-03-02T09:01:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then call_back is not planned
    When these parties
      | id      | temperature |
      | stefano | uneasy      |
    And the policy decides again
    Then call_back is planned because of a-voice-before-another-letter

  Scenario: No money is taken for what is in dispute
    Given this case
      """
      currency: EUR
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner}
      charges: [{id: mend, kind: service, amount: 12, open: true, charged_at: 2026-03-02T08:45:00+08:00}]
      """
    When it is checked whether frontline may charge_customer about mend at 2026-03-02 10:00
    Then the verdict is allowed
    When it becomes known that the disputed of mend in charges is true
    And it is checked whether frontline may charge_customer about mend at 2026-03-02 10:00
    Then the verdict is forbidden because of nothing-new-is-taken-meanwhile

  Scenario: Whoever has been heard on what they threatened with is talked with like anybody; abuse changes nothing in how we work
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, customer.on_the_line: true, case.channel: phone}
      parties: [{id: liu, role: customer, temperature: uneasy}]
      signals: [{id: office, kind: regulator, at: 2026-03-02T09:10:00+08:00}]
      """
    When the policy decides at 2026-03-04 10:00
    And it becomes known that customer.on_the_line is true
    And the policy decides again
    Then take_aside is planned because of talk-now-and-aside
    When call_back is done by case_owner at 2026-03-02 09:30
    And the policy decides again
    Then take_aside is not planned
    When it becomes known that customer.on_the_line is false
    And the policy decides again
    Then change_process is planned because of change-what-let-it-happen
    When it becomes known that customer.abusive is true
    And the policy decides again
    Then change_process is not planned

  Scenario: Once it is solved no visit is brought forward, and the final answer may still go out
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, customer.needed_by: 2026-03-04T09:00:00+08:00}
      appointments: [{id: delivery, kind: visit, state: pending, at: 2026-03-05T18:00:00+08:00}]
      contacts: [{id: mail, made_by: customer, made_to: case_owner, at: 2026-03-03T10:00:00+08:00, outcome: written}]
      """
    When the policy decides at 2026-03-03 11:00
    Then bring_forward about delivery is planned because of the-customers-day-not-the-roster
    When it becomes known that problem.solved_at is 2026-03-03T09:00:00+08:00
    And the policy decides again
    Then bring_forward about delivery is not planned
    And cancel_appointment about delivery is planned because of cancel-what-is-no-longer-needed
    When it becomes known that problem.solved_at is 2026-03-03T10:30:00+08:00
    And it is checked whether case_owner may settle_complaint at 2026-03-03 11:00
    Then the verdict is allowed
    When it is checked whether case_owner may call_back at 2026-03-03 11:00
    Then the verdict is forbidden because of no-calls-after-it-is-solved

  Scenario: A day in the week after next is a day to work back from
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, customer.needed_by: 2026-03-11T18:00:00+08:00}
      """
    When the policy decides at 2026-03-02 10:00
    Then put_right is planned because of done-by-the-day-it-is-needed
    When it becomes known that customer.needed_by is 2026-03-13T18:00:00+08:00
    And the policy decides again
    Then put_right is not planned

  Scenario Outline: Who else was hit is asked where it is unlikely to be the only one
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner}
      claims: [{id: said, made_by: customer, against: frontline, answered: true}]
      evidence: [{id: film, claim: said, kind: recording, stance: supports, direct: false}]
      acts: [{action: deny_service, by: frontline, at: 2026-03-02T09:05:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then problem.affects_others is not asked
    When <what> is done by frontline at 2026-03-02 09:06
    And it becomes known that <fact> is true
    And the policy decides again
    Then problem.affects_others is asked

    Examples:
      | what           | fact                           |
      | express_regret | problem.repeated               |
      | express_regret | hazard.happened                |
      | express_regret | the direct of film in evidence |
      | brush_off      | customer.wants_money           |

  Scenario: Whoever finds the mistake may say so and take it off, also in the legal department
    Given this case
      """
      currency: GBP
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, cause.product_at_fault: true}
      charges: [{id: bill, kind: service, amount: 70412, open: true, our_error: true, disputed_at: 2026-03-02T09:00:00+08:00}]
      """
    When it is checked whether legal may apologise at 2026-03-02 10:00
    Then the verdict is allowed
    When it is checked whether legal may waive_charge about bill at 2026-03-02 10:00
    Then the verdict is allowed

  Scenario: Whoever was hurt is not asked for money meanwhile, disputed or not
    Given this case
      """
      currency: GBP
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner}
      charges: [{id: mortgage, kind: service, amount: 642, open: true}]
      """
    When the policy decides at 2026-03-02 10:00
    Then stop_dunning is not planned
    When it becomes known that people.injured is true
    And the policy decides again
    Then stop_dunning about mortgage is planned because of stop-the-reminders

  Scenario: Somebody who can decide comes to whoever is here and was sent away with what they may rightly ask
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, case.kind: request, request.what: a table with her guide dog, request.legitimate: true, customer.on_the_line: true}
      parties: [{id: lien, role: customer, temperature: uneasy}]
      """
    When the policy decides at 2026-03-02 09:10
    Then take_upstairs is not planned
    When deny_service is done by frontline at 2026-03-02 09:05
    And the policy decides again
    Then take_upstairs is planned because of broken-promises-bring-a-superior-to-whoever-is-here
    When it becomes known that request.legitimate is false
    And the policy decides again
    Then take_upstairs is not planned

  Scenario Outline: What nobody may do with a clear request either
    Given this case
      """
      facts: {case.kind: request, case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, request.what: end my contract today}
      """
    When it is checked whether frontline may <act> at 2026-03-02 10:00
    Then the verdict is forbidden because of <rule>

    Examples:
      | act              | rule                           |
      | deny_service     | never-take-service-away        |
      | brush_off        | never-refuse-vaguely           |
      | tell_to_wait     | no-wait-and-see-for-nothing    |
      | hand_over        | never-just-passed-on           |
      | explain_away     | no-excuses                     |
      | demand_procedure | no-procedure-for-its-own-sake  |
      | send_elsewhere   | never-the-messenger            |
      | press_customer   | no-pressure-to-decide          |
      | hang_up          | never-hang-up                  |
      | take_sides       | stay-neutral-while-inquiring   |
      | argue_with_data  | no-data-before-they-are-calm   |
      | send_form_letter | no-form-letter-to-a-complaint  |

  Scenario Outline: Failed twice, and what came after: the same as three times
    Given this case
      """
      facts: {case.opened_at: 2026-02-20T09:00:00+08:00, case.owner: case_owner, customer.temperature: calm}
      promises: [{id: a, promised_by: case_owner, due_at: 2026-02-27T12:00:00+08:00}, {id: b, promised_by: case_owner, due_at: 2026-02-28T12:00:00+08:00}]
      <rest>
      """
    When the policy decides at 2026-03-02 10:00
    Then convene_review is planned because of review-after-a-failed-escalation

    Examples:
      | rest                                                                                    |
      | signals: [{id: council, kind: regulator, at: 2026-03-01T09:00:00+08:00}]                |
      | acts: [{action: take_upstairs, by: case_owner, at: 2026-02-26T09:00:00+08:00}]          |
      | acts: [{action: close_case, by: case_owner, at: 2026-03-01T09:00:00+08:00}]             |

  Scenario: A regulator who has it, and one broken promise: all three sit down
    Given this case
      """
      facts: {case.opened_at: 2026-02-20T09:00:00+08:00, case.owner: case_owner, customer.temperature: calm}
      promises: [{id: a, promised_by: case_owner, due_at: 2026-02-27T12:00:00+08:00}]
      signals: [{id: council, kind: regulator, at: 2026-03-01T09:00:00+08:00, published: true}]
      """
    When the policy decides at 2026-03-02 10:00
    Then convene_review is planned because of review-after-a-failed-escalation
    When it becomes known that the published of council in signals is false
    And the policy decides again
    Then convene_review is not planned

  Scenario: A callback was due on the third day, and a threat on the tenth makes another one due: the audit names both
    Given this case
      """
      history:
        - at: 2026-03-02T09:00:00+08:00
          facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, customer.temperature: calm, customer.need: an answer}
        - at: 2026-03-12T09:00:00+08:00
          signals: [{id: press, kind: media, at: 2026-03-12T09:00:00+08:00}]
      """
    When the history is audited until 2026-03-13 10:00
    Then the breaches include
      | what      | at               | kind    | rule                                 |
      | call_back | 2026-03-05 09:00 | omitted | the-first-silence-ends-in-three-days |
      | call_back | 2026-03-12 09:30 | omitted | call-back-on-a-risk-signal           |

  Scenario: A bare ticket asks what it is before how upset they are and when they need it
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00}
      """
    When the policy decides at 2026-03-02 10:00
    Then the questions are exactly
      | fact                 |
      | people.at_risk       |
      | case.kind            |
      | customer.needed_by   |
      | customer.temperature |

  Scenario: Whoever wants no presents still gets what we owe them
    Given this case
      """
      currency: TWD
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, cause.product_at_fault: true, cause.established_at: 2026-03-02T09:00:00+08:00, customer.declined_gifts: true}
      losses: [{id: taxi, amount: 900, connected: true}]
      """
    When the policy decides at 2026-03-02 10:00
    Then pay_loss is planned because of pay-all-connected-loss
    When it is checked whether case_owner may offer_gift at 2026-03-02 10:00
    Then the verdict is forbidden because of press-nothing-on-who-declined

  Scenario: What was found is told before the day on which it is needed
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner, customer.needed_by: 2026-03-02T18:00:00+08:00}
      claims: [{id: twice, made_by: customer, against: frontline, answered: true, answered_at: 2026-03-02T09:30:00+08:00}]
      evidence: [{id: log, claim: twice, kind: system_record, stance: contradicts, direct: true}]
      """
    When the policy decides at 2026-03-02 10:00
    Then explain_matter is planned because of tell-what-was-found
    And explain_matter is due at 2026-03-02 18:00

  Scenario: A promise that was taken back before its day is not broken; one taken back after it is
    Given this case
      """
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00, case.owner: case_owner}
      promises: [{id: half, promised_by: case_owner, due_at: 2026-03-02T09:30:00+08:00, taken_back_at: 2026-03-02T09:10:00+08:00, taken_back_by: case_owner}]
      """
    When the policy decides at 2026-03-02 10:00
    Then make_good_promise is not planned
    When it becomes known that the taken_back_at of half in promises is 2026-03-02T09:40:00+08:00
    And the policy decides again
    Then make_good_promise about half is planned because of make-a-late-promise-good

  Scenario: A visit that we called off is told by us, and not waited for
    Given this case
      """
      facts: {case.opened_at: 2026-03-01T09:00:00+08:00, case.owner: case_owner}
      appointments: [{id: visit, arranged_by: field_service, kind: visit, state: pending, at: 2026-03-02T12:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then call_back is not planned
    When these appointments
      | id    | state      | called_off_by |
      | visit | called_off | field_service |
    And the policy decides again
    Then call_back is planned because of they-waited-and-nobody-came
    And call_back is due at 2026-03-02 13:00

  Scenario: A ticket that was closed while the customer still waits is opened again, not filed again
    Given this case
      """
      facts: {case.opened_at: 2026-02-27T09:00:00+08:00, case.owner: case_owner, case.ticket_closed_at: 2026-02-27T18:00:00+08:00}
      contacts: [{id: again, made_by: customer, at: 2026-03-02T09:30:00+08:00, outcome: reached}]
      """
    When the policy decides at 2026-03-02 10:00
    Then reopen_case is planned because of a-ticket-closed-over-their-head-is-opened-again
    And reopen_case is due at 2026-03-02 13:30
    When it becomes known that case.opened_at is 2026-03-02T09:20:00+08:00
    And the policy decides again
    Then reopen_case is not planned

  Scenario: What was opened anew under a date of its own is no premature closure any more
    Given this case
      """
      facts: {case.opened_at: 2026-02-20T09:00:00+08:00, case.owner: case_owner}
      acts: [{action: close_case, by: case_owner, at: 2026-02-23T09:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then reopen_case is planned because of premature-closure-is-undone
    When it becomes known that case.opened_at is 2026-03-02T09:00:00+08:00
    And the policy decides again
    Then reopen_case is not planned

  Scenario: What had to be found out is told once it is known
    Given this case
      """
      facts: {case.opened_at: 2026-02-27T09:00:00+08:00, case.owner: case_owner, cause.product_at_fault: true, cause.established_at: 2026-03-02T09:00:00+08:00}
      acts: [{action: open_investigation, by: case_owner, at: 2026-02-27T10:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then explain_matter is planned because of tell-what-the-cause-was
    When these parties
      | id  | role     | told_at                   |
      | lin | customer | 2026-03-02T09:30:00+08:00 |
    And the policy decides again
    Then explain_matter is not planned

  Scenario: No review is called while somebody has found the cause and keeps what was promised since
    Given this case
      """
      facts: {case.opened_at: 2026-02-20T09:00:00+08:00, case.owner: case_owner, problem.occurrences: 4, cause.established_at: 2026-03-01T09:00:00+08:00}
      promises: [{id: pipe, promised_by: case_owner, made_at: 2026-03-01T10:00:00+08:00, due_at: 2026-03-02T12:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then convene_review is not planned
    When the policy decides at 2026-03-02 13:00
    Then convene_review is planned because of review-after-a-failed-escalation

  Scenario: Whoever complained is told that our mistake is put right
    Given this case
      """
      facts:
        case.opened_at: 2026-02-27T09:00:00+08:00
        case.owner: case_owner
        cause.product_at_fault: true
        cause.established_at: 2026-03-02T09:00:00+08:00
        problem.solved_at: 2026-03-02T09:30:00+08:00
        problem.solved_by: case_owner
      """
    When the policy decides at 2026-03-02 10:00
    Then explain_matter is planned because of tell-them-that-our-mistake-is-put-right
    When these contacts
      | id   | made_by    | made_to  | at                        | outcome |
      | mail | case_owner | customer | 2026-03-02T09:45:00+08:00 | written |
    And the policy decides again
    Then explain_matter is not planned

  Scenario: Once it is solved, the customer is asked first, and what we learn from it comes after
    Given this case
      """
      facts:
        case.opened_at: 2026-02-27T09:00:00+08:00
        case.owner: case_owner
        cause.product_at_fault: true
        problem.affects_others: true
        problem.solved_at: 2026-03-02T09:30:00+08:00
        problem.solved_by: case_owner
      """
    When the policy decides at 2026-03-02 10:00
    Then confirm_need is planned because of ask-once-whether-all-is-well
    And the plan includes in this order
      | action               |
      | confirm_need         |
      | tell_others_affected |

  Scenario: A no that holds says who else looks at it
    Given this case
      """
      facts:
        case.opened_at: 2026-03-01T09:00:00+08:00
        case.owner: case_owner
        refusal.reason: The warranty ended in 2024.
        refusal.holds: true
      """
    When the policy decides at 2026-03-02 10:00
    Then confirm_in_writing is planned because of a-no-says-who-else-looks-at-it
    When it becomes known that customer.good_faith is bad
    And the policy decides again
    Then confirm_in_writing is not planned

  Scenario: Whoever deceives us sits at no table, and a word of theirs is not waited for
    Given this case
      """
      facts: {case.opened_at: 2026-02-20T09:00:00+08:00, case.owner: case_owner, problem.occurrences: 4, customer.good_faith: bad}
      acts: [{action: refuse, by: case_owner, at: 2026-03-02T09:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then convene_review is not planned
    And close_case is not held

  Scenario: What was paid is demanded of nobody
    Given this case
      """
      currency: TWD
      facts: {case.opened_at: 2026-03-02T09:00:00+08:00}
      charges: [{id: fee, kind: service, amount: 800, disputed: true, paid_at: 2026-02-20T09:00:00+08:00}]
      """
    When the policy decides at 2026-03-02 10:00
    Then stop_dunning is not planned

  Scenario: Whoever was upset and had it put right in the same talk is not called about it again
    Given this case
      """
      facts: {case.opened_at: 2026-03-01T15:00:00+08:00, case.owner: case_owner}
      parties: [{id: lin, role: customer, temperature: upset, upset_since: 2026-03-01T15:00:00+08:00}]
      contacts: [{id: visit, made_by: lin, made_to: case_owner, at: 2026-03-01T15:00:00+08:00, outcome: reached}]
      """
    When the policy decides at 2026-03-02 10:00
    Then call_back is planned because of whoever-spoke-last-is-called
    When put_right is done by case_owner at 2026-03-01T15:20:00+08:00
    And the policy decides again
    Then call_back is not planned

  Scenario: What is urgent is helped within hours though nobody asked by when
    Given this case
      """
      facts:
        case.opened_at: 2026-03-02T06:00:00+08:00
        case.owner: case_owner
        case.urgent_since: 2026-03-02T07:00:00+08:00
        problem.symptom: no money for food
      """
    When the policy decides at 2026-03-02 10:00
    Then help_at_once is planned because of what-is-urgent-is-helped-within-hours
    And help_at_once is due at 2026-03-02 11:00

  Scenario: Nothing is offered for what was shown not to be so
    Given this case
      """
      facts: {case.opened_at: 2026-03-01T09:00:00+08:00, case.owner: case_owner}
      parties: [{id: lin, role: customer}]
      acts: [{action: listen_in_private, by: case_owner, about: lin, at: 2026-03-01T10:00:00+08:00}]
      claims: [{id: butt, made_by: customer, against: provider, statement: a cigarette end in the pot, answered: true}]
      """
    When the policy decides at 2026-03-02 10:00
    Then prepare_options is planned because of always-a-choice
    When these evidence
      | id   | claim | supplied_by | kind      | stance      | direct |
      | film | butt  | provider    | recording | contradicts | true   |
    And the policy decides again
    Then prepare_options is not planned
