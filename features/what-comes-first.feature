Feature: What comes first
  People, then the person, then what is plainly ours to mend, the facts, what is fair and what the law asks. Three things change
  that: the facts show bad faith; nobody is upset; a danger has been known for a week.

  Background:
    Given the built-in policy
    And all times are in Asia/Taipei

  Scenario: Somebody in good faith: what is fair comes before what the law asks
    Given this case:
      """
      {currency: TWD,
       facts: {case.opened_at: 2026-03-06T16:00:00+08:00, hazard.happened: true, product.in_warranty: false,
               service.asked_at: 2026-03-06T16:00:00+08:00, service.stuck: true, case.ticket_closed_at: 2026-03-06T16:00:00+08:00, customer.good_faith: good},
       charges: [{id: fee, kind: goods, amount: 60, our_error: true, disputed: true}], tickets: [{id: t1}, {id: t2}],
       claims: [{id: rude, made_by: customer, against: partner, answered: true}], losses: [{id: jacket, amount: 320, connected: true}],
       acts: [{action: close_fact_finding, by: case_owner, at: 2026-03-06T16:00:00+08:00}],
       parties: [{id: lin, role: customer, temperature: upset}]}
      """
    When the policy decides at 2026-03-06 16:05
    Then the plan includes in this order:
      | action              | phase     |
      | ask_about_injuries  | safety    |
      | express_regret      | calm      |
      | waive_charge        | put_right |
      | stop_dunning        | owed      |
      | secure_product      | facts     |
      | disclose_unjudged   | disclose  |
      | tell_what_was_tried | empathy   |
      | check_legal_floor   | law       |
      | order_repair        | settle    |
      | propose_step_in     | review    |
      | merge_tickets       | one_view  |
      | change_process      | prevent   |
      | confirm_need        | close     |

  Scenario: The facts show bad faith: the law speaks before the feelings do
    Given this case:
      """
      {currency: TWD,
       facts: {case.opened_at: 2026-03-06T16:00:00+08:00, hazard.happened: true, product.in_warranty: false,
               service.asked_at: 2026-03-06T16:00:00+08:00, service.stuck: true, case.ticket_closed_at: 2026-03-06T16:00:00+08:00, customer.good_faith: bad},
       charges: [{id: fee, kind: goods, amount: 60, our_error: true, disputed: true}], tickets: [{id: t1}, {id: t2}],
       claims: [{id: rude, made_by: customer, against: partner, answered: true}], losses: [{id: jacket, amount: 320, connected: true}],
       acts: [{action: close_fact_finding, by: case_owner, at: 2026-03-06T16:00:00+08:00}]}
      """
    When the policy decides at 2026-03-06 16:05
    Then the plan includes in this order:
      | action              | phase     |
      | ask_about_injuries  | safety    |
      | waive_charge        | put_right |
      | check_legal_floor   | law       |
      | secure_product      | facts     |
      | disclose_unjudged   | disclose  |
      | express_regret      | calm      |
      | stop_dunning        | owed      |
      | tell_what_was_tried | empathy   |
      | order_repair        | settle    |
      | propose_step_in     | review    |
      | merge_tickets       | one_view  |
      | change_process      | prevent   |
      | confirm_need        | close     |

  Scenario: Whoever is calm and threatens nothing wants the matter to move
    Given this case:
      """
      {currency: TWD,
       facts: {case.opened_at: 2026-03-06T16:00:00+08:00, hazard.happened: true, product.in_warranty: false,
               service.asked_at: 2026-03-06T16:00:00+08:00, service.stuck: true, case.ticket_closed_at: 2026-03-06T16:00:00+08:00, customer.good_faith: good},
       charges: [{id: fee, kind: goods, amount: 60, our_error: true, disputed: true}], tickets: [{id: t1}, {id: t2}],
       claims: [{id: rude, made_by: customer, against: partner, answered: true}], losses: [{id: jacket, amount: 320, connected: true}],
       acts: [{action: close_fact_finding, by: case_owner, at: 2026-03-06T16:00:00+08:00}], parties: [{id: lin, role: customer, temperature: calm}]}
      """
    When the policy decides at 2026-03-06 16:05
    Then the plan includes in this order:
      | action              | phase     |
      | ask_about_injuries  | safety    |
      | waive_charge        | put_right |
      | stop_dunning        | owed      |
      | express_regret      | calm      |
      | secure_product      | facts     |
      | disclose_unjudged   | disclose  |
      | tell_what_was_tried | empathy   |
      | check_legal_floor   | law       |
      | order_repair        | settle    |
      | propose_step_in     | review    |
      | merge_tickets       | one_view  |
      | change_process      | prevent   |
      | confirm_need        | close     |

  Scenario: Whoever is here hears a kind word before anything is booked
    Given this case:
      """
      {currency: TWD,
       facts: {case.opened_at: 2026-03-06T16:00:00+08:00, hazard.happened: true, product.in_warranty: false,
               service.asked_at: 2026-03-06T16:00:00+08:00, service.stuck: true, case.ticket_closed_at: 2026-03-06T16:00:00+08:00, customer.on_the_line: true},
       charges: [{id: fee, kind: goods, amount: 60, our_error: true, disputed: true}], tickets: [{id: t1}, {id: t2}],
       claims: [{id: rude, made_by: customer, against: partner, answered: true}], losses: [{id: jacket, amount: 320, connected: true}],
       acts: [{action: close_fact_finding, by: case_owner, at: 2026-03-06T16:00:00+08:00}]}
      """
    When the policy decides at 2026-03-06 16:05
    Then the plan includes in this order:
      | action              | phase     |
      | ask_about_injuries  | safety    |
      | express_regret      | calm      |
      | waive_charge        | put_right |
      | stop_dunning        | owed      |
      | secure_product      | facts     |
      | disclose_unjudged   | disclose  |
      | tell_what_was_tried | empathy   |
      | check_legal_floor   | law       |
      | order_repair        | settle    |
      | propose_step_in     | review    |
      | merge_tickets       | one_view  |
      | confirm_need        | close     |

  Scenario Outline: Which of two steps comes first
    Given this case:
      """
      {currency: TWD,
       facts: {case.opened_at: 2026-03-06T16:00:00+08:00, hazard.happened: true, product.in_warranty: false,
               service.asked_at: 2026-03-06T16:00:00+08:00, service.stuck: true, case.ticket_closed_at: 2026-03-06T16:00:00+08:00, <facts>},
       charges: [{id: fee, kind: goods, amount: 60, our_error: true, disputed: true}], tickets: [{id: t1}, {id: t2}],
       claims: [{id: rude, made_by: customer, against: partner, answered: true}], losses: [{id: jacket, amount: 320, connected: true}],
       acts: [{action: close_fact_finding, by: case_owner, at: 2026-03-06T16:00:00+08:00}], <records>}
      """
    When the policy decides at 2026-03-06 16:05
    Then the plan includes in this order:
      | action   |
      | <first>  |
      | <second> |

    Examples:
      | facts                       | records                                                                                                                  | first             | second              |
      | customer.good_faith: good   | parties: [{id: lin, role: customer, temperature: calm}]                                                                  | stop_dunning      | express_regret      |
      | customer.good_faith: good   | parties: [{id: lin, role: customer, temperature: calm}, {id: chen, role: customer, temperature: uneasy}]                 | stop_dunning      | express_regret      |
      | customer.good_faith: good   | parties: [{id: lin, role: customer, temperature: calm}, {id: chen, role: customer, temperature: upset}]                  | express_regret      | stop_dunning      |
      | customer.good_faith: good   | parties: [{id: lin, role: customer, temperature: calm}, {id: chen, role: partner, temperature: uneasy}]                  | stop_dunning      | express_regret      |
      | customer.good_faith: good   | parties: [{id: lin, role: customer, temperature: calm}, {id: chen, role: customer, temperature: calm}]                   | stop_dunning      | express_regret      |
      | customer.good_faith: good   | parties: [{id: wu, role: sales, temperature: calm}]                                                                      | stop_dunning      | express_regret      |
      | customer.good_faith: good   | parties: [{id: lin, role: customer, temperature: uneasy}]                                                                | stop_dunning      | express_regret      |
      | customer.good_faith: good   | parties: [{id: lin, role: customer}]                                                                                     | stop_dunning      | express_regret      |
      | customer.good_faith: good   | parties: [{id: lin, role: customer, temperature: calm}], signals: [{id: s1, kind: media, at: 2026-03-06T16:00:00+08:00}] | express_regret    | stop_dunning        |
      | customer.on_the_line: false |                                                                                                                          | waive_charge      | express_regret      |
      | customer.on_the_line: true  |                                                                                                                          | express_regret    | waive_charge        |
      | customer.good_faith: bad    |                                                                                                                          | check_legal_floor | tell_what_was_tried |
