Feature: Somebody names the press
  Our rules are in rules/, on top of the built-in policy (see pytest.ini). `pytest --policy-steps en` lists all steps.

  Background:
    Given all times are in Asia/Taipei
    And a case "T-1" in TWD
    And these facts
      | case.opened_at | 2026-03-02 09:00 |

  Scenario: They get an answer soon, and no present
    Given these signals
      | id | kind  | at               |
      | s1 | media | 2026-03-02 09:20 |
    When the policy decides at 2026-03-02 09:30
    Then call_back is planned because of call-back-after-a-threat
    And call_back is due at 2026-03-02 09:50
    And offer_gift is forbidden because of call-back-after-a-threat
    When 10 minutes later call_back is done by case_owner
    And 5 minutes later the policy decides
    Then call_back is done

  Scenario: A posting of their own is no such threat
    Given these signals
      | id | kind    | at               |
      | s1 | posting | 2026-03-02 09:20 |
    When the policy decides at 2026-03-02 09:30
    Then call_back is not planned because of call-back-after-a-threat
