Feature: A case that is closed as lost
  Whatever it was about, little is left to do: what is owed all the same, and what is to be learned from it. While nobody
  knows whether it is over, that is asked.
  Each scenario holds what would be asked for, forbidden or held if the case were still open.

  Scenario: Danger, demands, promises and questions
    Given this case
      """
      facts:
        privacy.breached: true
        customer.abusive: true
        escalation.agreed_at: '2026-03-02T09:00:00+08:00'
        problem.self_test: main switch off, and the meter must stop
        service.asked_at: '2026-03-02T09:00:00+08:00'
        report.accepted: false
        document.wrong: true
        product.needed_meanwhile: true
        problem.affects_others: true
        case.jurisdiction: mainland_china
        product.defective: true
        customer.wants_to_return: true
        purchase.distance: true
        purchase.received_at: '2026-02-27T10:00:00+08:00'
        hazard.ongoing: true
        customer.has_reach: true
        customer.satisfied: false
        product.in_warranty: false
        cause.product_at_fault: true
        fault.can_be_undone: true
      acts:
        - {action: take_upstairs, by: frontline, at: '2026-03-02T09:00:00+08:00'}
        - {action: send_form_letter, by: care_line, at: '2026-03-01T10:00:00+08:00'}
        - {action: read_report, by: case_owner, at: '2026-03-02T09:00:00+08:00'}
      contacts:
        - {id: call, made_by: customer, made_to: frontline, at: '2026-03-02T09:00:00+08:00', noted: false}
        - {id: c1, made_by: customer, made_to: brand_owner, at: '2026-03-02T08:30:00+08:00', outcome: no_answer}
        - {id: c2, made_by: customer, made_to: brand_owner, at: '2026-03-02T09:30:00+08:00', outcome: no_answer}
      demands_on_customer:
        - {id: sign, what: sign the card here and now, made_by: frontline}
      promises:
        - {id: repair, promised_by: partner, made_at: '2026-03-02T09:00:00+08:00'}
        - {id: visit, promised_by: partner, due_at: '2026-03-01T18:00:00+08:00'}
        - {id: refund, promised_by: case_owner, due_at: '2026-03-03T09:00:00+08:00'}
        - {id: sat, promised_by: partner, due_at: '2026-02-28T12:00:00+08:00'}
        - {id: sun, promised_by: partner, due_at: '2026-03-01T17:00:00+08:00'}
      questions:
        - {id: q1, asked_by: customer, text: 'Why is there a shipping fee?'}
      proofs:
        - {id: post, kind: dated_post, reasonable: true}
      parties:
        - {id: guest, role: customer, temperature: upset}
        - {id: tv, role: provider}
        - {id: maker, role: brand_owner}
        - {id: student, role: frontline, upset_since: '2026-02-26T10:00:00+08:00'}
        - {id: seller, role: sales, temperature: furious}
      currency: CNY
      losses:
        - {id: car, amount: 86000, connected: true}
      claims:
        - {id: rude, made_by: customer, against: partner}
        - {id: twice, made_by: customer, against: frontline, answered: true}
      reviews:
        - {id: r1, chair: brand_owner, agreed_at: '2026-03-01T16:00:00+08:00'}
      lost_things:
        - {id: bag, what: a suitcase, found_at: '2026-03-02T09:40:00+08:00'}
      tickets:
        - {id: t1, organisation: provider}
        - {id: t2, organisation: maker}
      inspections:
        - {id: meter, terms: with somebody at home, terms_kept: false, at: '2026-03-01T14:00:00+08:00'}
      hand_offs:
        - {id: h1, handed_by: provider, handed_to: brand_owner, at: '2026-03-02T09:00:00+08:00', customer_must_call: true}
      known_remedies:
        - {id: reset, symptom: no reaction after a power cut, fits: true}
      evidence:
        - {id: log, claim: twice, kind: system_record, stance: contradicts, direct: true}
      answers:
        - {id: a1, given_at: '2026-03-01T10:00:00+08:00', found: The meter is fine., convincing: false}
      """
    When it becomes known that customer.need_met is true
    And it becomes known that problem.solved_at is 2026-03-02T09:30:00+08:00
    And the policy decides at 2026-03-02T10:00:00+08:00
    Then parties.upset_since about guest is asked
    When customer.need_met is not known
    And problem.solved_at is not known
    And close_as_lost is done by case_owner at 2026-03-02T09:55:00+08:00
    And the policy decides at 2026-03-02T10:00:00+08:00
    Then the plan is exactly
      | action               | about |
      | answer_question      | q1    |
      | record_promises      | r1    |
      | convene_review       | case  |
      | find_others_affected | case  |
      | tell_others_affected | case  |
      | change_process       | case  |
    And the holds do not include
      | action           | about |
      | demand_procedure | sign  |
      | pay_loss         | case  |
      | send_visit       | case  |
      | state_cause      | case  |

  Scenario: Answers, charges, visits and people
    Given this case
      """
      facts:
        customer.abusive: true
        people.at_risk: true
        case.kind: request
        request.what: end my contract today
        hazard.ongoing: true
        service.stuck: true
        case.jurisdiction: taiwan
        product.defective: true
        hazard.others_at_risk: true
        customer.wants_to_return: true
        purchase.distance: true
        purchase.received_at: '2026-02-27T10:00:00+08:00'
      answers:
        - {id: plea, given_at: '2026-03-01T10:00:00+08:00', will_do: He will improve.}
      promises:
        - {id: refund, promised_by: case_owner, due_at: '2026-03-05T18:00:00+08:00', kept_at: '2026-03-02T09:00:00+08:00'}
      parties:
        - {id: guest, role: customer, temperature: upset}
        - {id: student, role: customer, temperature: calm}
        - {id: lin, role: frontline}
      acts:
        - {action: listen_in_private, by: case_owner, about: student, at: '2026-03-02T09:00:00+08:00'}
      currency: TWD
      charges:
        - {id: fee, kind: delivery, amount: 60, our_error: true}
      claims:
        - {id: rude, made_by: customer, against: partner}
      lost_things:
        - {id: bag, what: a suitcase, reported_at: '2026-03-02T09:00:00+08:00'}
      contacts:
        - {id: call, made_by: customer, made_to: lin, at: '2026-03-02T09:30:00+08:00', outcome: reached}
      appointments:
        - {id: visit, arranged_by: partner, kind: visit, at: '2026-03-02T09:00:00+08:00', state: missed}
      """
    When it becomes known that customer.need_met is true
    And it becomes known that problem.solved_at is 2026-03-02T09:30:00+08:00
    And the policy decides at 2026-03-02T10:00:00+08:00
    Then parties.upset_since about guest is asked
    When customer.need_met is not known
    And problem.solved_at is not known
    And close_as_lost is done by case_owner at 2026-03-02T09:55:00+08:00
    And the policy decides at 2026-03-02T10:00:00+08:00
    Then the plan is exactly
      | action         | about |
      | change_process | case  |
    And the prohibitions do not include
      | action          | about |
      | charge_customer | fee   |
      | dun_customer    | fee   |

  Scenario: Damage, losses, options and what was lost
    Given this case
      """
      facts:
        refusal.reason: The course has one method only.
        customer.temperature: furious
        case.jurisdiction: taiwan
        hazard.happened: true
        customer.on_the_line: true
      claims:
        - {id: rude, made_by: customer, against: partner}
      currency: TWD
      damages:
        - {id: marks, evident: true, caused_by: carrier}
      losses:
        - {id: cloth, amount: 900, connected: true}
        - {id: laptop, amount: 30000, connected: true}
      parties:
        - {id: guest, role: customer, temperature: upset}
        - {id: maker, role: brand_owner}
      promises:
        - {id: sat, promised_by: partner, due_at: '2026-02-28T12:00:00+08:00'}
        - {id: sun, promised_by: partner, due_at: '2026-03-01T17:00:00+08:00'}
        - {id: mon, promised_by: partner, due_at: '2026-03-02T08:00:00+08:00'}
      options:
        - {id: other-class, rights: another teacher, duties: another day}
      lost_things:
        - {id: bag, what: a suitcase, reported_at: '2026-02-24T09:00:00+08:00'}
      """
    When it becomes known that customer.need_met is true
    And it becomes known that problem.solved_at is 2026-03-02T09:30:00+08:00
    And the policy decides at 2026-03-02T10:00:00+08:00
    Then parties.upset_since about guest is asked
    When customer.need_met is not known
    And problem.solved_at is not known
    And close_as_lost is done by case_owner at 2026-03-02T09:55:00+08:00
    And the policy decides at 2026-03-02T10:00:00+08:00
    Then the plan is exactly
      | action         | about |
      | convene_review | case  |

  Scenario: An act that was logged by mistake is withdrawn, and was never done
    Given this case
      """
      history:
        - {at: 2026-03-02T09:00:00+08:00, facts: {case.kind: complaint, customer.temperature: furious}}
        - {at: 2026-03-02T10:00:00+08:00, acts: [{id: a1, action: listen_in_private, by: case_owner}]}
      """
    When the policy decides at 2026-03-02T11:00:00+08:00
    Then listen_in_private is done
    When at 2026-03-02T12:00:00+08:00 these acts
      | id | retract |
      | a1 | true    |
    And the policy decides at 2026-03-02T13:00:00+08:00
    Then listen_in_private is not done
