package org.sluice.ovsdb.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.sluice.ovsdb.transaction.TestDatabase.json;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each operation of RFC 7047 by example, right and wrong. */
class OperationsTest {
  private TestDatabase family;

  @BeforeEach
  void setUp() {
    family = TestDatabase.family();
    family.transact("{'op':'insert','table':'Parent','row':{'name':'eve','age':30}}");
  }

  private String names() {
    return family.run(
        "{'op':'select','table':'Parent','where':[],'columns':['name'],'sort':['name']}");
  }

  @Test
  void shouldInsertAndSelect() {
    family.transact("{'op':'insert','table':'Parent','row':{'name':'adam'}}");
    assertEquals("{'rows':[{'name':'adam'},{'name':'eve'}]}", names());
  }

  @Test
  void shouldDoNothingWhereNothingIsAskedFor() {
    ArrayNode nothing = JsonNodeFactory.instance.arrayNode();
    TransactionExecutor executor = new TransactionExecutor(family.database(), UUID::randomUUID);
    Outcome outcome = executor.execute(new Request(nothing, _ -> false, false, 0));
    assertEquals(0, assertInstanceOf(Outcome.Ready.class, outcome).results().size());
  }

  @Test
  void shouldSelectDistinctRows() {
    family.transact("{'op':'insert','table':'Parent','row':{'name':'adam','age':30}}");
    assertEquals(
        "{'rows':[{'age':30}]}",
        family.run("{'op':'select','table':'Parent','where':[],'columns':['age']}"));
  }

  @Test
  void shouldUpdateOnlyWhatMatches() {
    assertEquals(
        "{'count':0}",
        family.run("{'op':'update','table':'Parent','where':[['name','==','x']],'row':{'age':1}}"));
    assertEquals(
        "{'count':1}",
        family.run(
            "{'op':'update','table':'Parent','where':[['age','>',29]],'row':{'name':'ann'}}"));
    assertEquals("{'rows':[{'name':'ann'}]}", names());
  }

  @Test
  void shouldUndoEverythingWhenOneOperationFails() {
    ArrayNode results =
        family.transact(
            "{'op':'insert','table':'Parent','row':{'name':'abel'}},{'op':'abort'},"
                + "{'op':'comment','comment':'x'}");
    assertEquals(3, results.size());
    assertEquals("aborted", results.get(1).get("error").textValue());
    assertTrue(results.get(2).isNull());
    assertEquals("{'rows':[{'name':'eve'}]}", names());
  }

  @Test
  void shouldKeepChildOnlyWhileReferredTo() {
    ArrayNode results =
        family.transact(
            "{'op':'insert','table':'Child','uuid-name':'c','row':{'name':'seth'}},"
                + "{'op':'update','table':'Parent','where':[],'row':{'children':"
                + "['set',[['named-uuid','c']]]}}");
    UUID child = UUID.fromString(results.get(0).get("uuid").get(1).textValue());
    assertEquals(1, family.database().table("Child").size());
    assertEquals(1, family.database().table("Child").strongReferences(child));
    family.transact(
        "{'op':'mutate','table':'Parent','where':[],'mutations':[['children','delete',"
            + "['uuid','"
            + child
            + "']]]}");
    assertEquals(0, family.database().table("Child").size());
  }

  @Test
  void shouldRefuseReferenceToNothing() {
    ArrayNode results =
        family.transact(
            "{'op':'update','table':'Parent','where':[],'row':{'children':"
                + "['uuid','00000000-0000-4000-8000-000000000001']}}");
    assertEquals("referential integrity violation", results.get(1).get("error").textValue());
    assertTrue(
        results
            .get(1)
            .get("details")
            .textValue()
            .endsWith(
                "references nonexistent row 00000000-0000-4000-8000-000000000001 in table "
                    + "Child."));
  }

  @Test
  void shouldRefuseSecondRowWithSameName() {
    ArrayNode results =
        family.transact("{'op':'insert','table':'Parent','row':{'name':'eve','age':31}}");
    String details = results.get(1).get("details").textValue();
    assertTrue(
        details.startsWith(
            "Transaction causes multiple rows in \"Parent\" table to have identical values (eve) "
                + "for index on column \"name\".  First row, with UUID "),
        details);
    assertTrue(details.endsWith("was not modified by the transaction."), details);
  }

  @Test
  void shouldLetRowTakeNameThatAnotherGivesUp() {
    ArrayNode results =
        family.transact(
            "{'op':'update','table':'Parent','where':[],'row':{'name':'ann'}},"
                + "{'op':'insert','table':'Parent','row':{'name':'eve'}}");
    assertEquals(2, results.size());
    assertEquals("{'rows':[{'name':'ann'},{'name':'eve'}]}", names());
  }

  @Test
  void shouldBlockUntilWaitIsSatisfied() {
    Request request =
        Request.of(
            json(
                "['family',{'op':'wait','table':'Parent','timeout':500,'where':[],'columns':"
                    + "['name'],'until':'==','rows':[{'name':'ann'}]}]"));
    TransactionExecutor executor = new TransactionExecutor(family.database(), UUID::randomUUID);
    assertEquals(new Outcome.Blocked(500), executor.execute(request));
    Request late = new Request(request.params(), request.sender(), false, 500);
    Outcome.Failed failed = assertInstanceOf(Outcome.Failed.class, executor.execute(late));
    assertEquals(
        "\"wait\" timed out after 500 ms", failed.results().get(0).get("details").textValue());
    family.transact("{'op':'update','table':'Parent','where':[],'row':{'name':'ann'}}");
    assertInstanceOf(Outcome.Ready.class, executor.execute(request));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "+=  | 5 | {'age':35}",
        "-=  | 5 | {'age':25}",
        "*=  | 2 | {'age':60}",
        "/=  | 7 | {'age':4}",
        "%=  | 7 | {'age':2}",
      })
  void shouldCalculate(String mutator, String argument, String row) {
    family.transact(
        "{'op':'mutate','table':'Parent','where':[],'mutations':[['age','%s',%s]]}"
            .formatted(mutator.strip(), argument));
    assertEquals(
        "{'rows':[" + row + "]}",
        family.run("{'op':'select','table':'Parent','where':[],'columns':['age']}"));
  }

  @Test
  void shouldMutateMapsByPairAndByKey() {
    String mutate = "{'op':'mutate','table':'Parent','where':[],'mutations':[['tags',%s]]}";
    String select = "{'op':'select','table':'Parent','where':[],'columns':['tags']}";
    family.transact(mutate.formatted("'insert',['map',[['a','1'],['b','2'],['c','3']]]"));
    family.transact(mutate.formatted("'insert',['map',[['a','9']]]"));
    family.transact(mutate.formatted("'delete',['map',[['b','9'],['c','3']]]"));
    assertEquals("{'rows':[{'tags':['map',[['a','1'],['b','2']]]}]}", family.run(select));
    family.transact(mutate.formatted("'delete',['set',['a']]"));
    assertEquals("{'rows':[{'tags':['map',[['b','2']]]}]}", family.run(select));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'op':'fly'} | Parsing ovsdb operation 1 of 1 failed: No operation 'fly'",
        "{'op':'select'} | Parsing ovsdb operation 1 of 1 failed: Required 'table' member is "
            + "missing.",
        "{'op':'select','table':'X','where':[]} | Parsing ovsdb operation 1 of 1 failed: No table "
            + "named X.",
        "{'op':'select','table':'Parent','where':[],'x':1} | Parsing ovsdb operation 1 of 1 "
            + "failed: Member 'x' is present but not allowed here.",
        "{'op':'select','table':'Parent','where':[['x','==',1]]} | No column x in table Parent.",
        "{'op':'select','table':'Parent','where':[['age','~',1]]} | No function named ~.",
        "{'op':'select','table':'Parent','where':[['name','<','a']]} | Type mismatch: '<' operator "
            + "may not be applied to column name of type string.",
        "{'op':'update','table':'Parent','where':[],'row':{'born':1}} | Cannot update immutable "
            + "column born in table Parent.",
        "{'op':'mutate','table':'Parent','where':[],'mutations':[['born','+=',1]]} | Cannot mutate "
            + "immutable column born in table Parent.",
        "{'op':'mutate','table':'Parent','where':[],'mutations':[['age','/=',0]]} | Division by "
            + "zero.",
        "{'op':'mutate','table':'Parent','where':[],'mutations':[['age','*=',9223372036854775807]]}"
            + " | Result of '*=' operation is out of range.",
        "{'op':'mutate','table':'Parent','where':[],'mutations':[['age','+=',200]]} | 230 is not "
            + "in the valid range 0 to 150 (inclusive)",
        "{'op':'mutate','table':'Parent','where':[],'mutations':[['heirs','insert',['map',[[1,2],"
            + "[2,2],[3,2],[4,2],[5,2]]]]]} | map must have 0 to 4 members but 5 are present",
        "{'op':'assert','lock':'l'} | Asserted lock l not held.",
        "{'op':'insert','table':'Parent','row':{'age':-1}} | -1 is not in the valid range 0 to 150 "
            + "(inclusive)",
        "{'op':'wait','table':'Parent','timeout':0,'where':[],'columns':['name'],'until':'!=',"
            + "'rows':[{'name':'eve'}]} | 'where' clause test failed",
      })
  void shouldRefuseInTheWordsOfOvs(String operation, String details) {
    ArrayNode results = family.transact(operation);
    assertEquals(details, results.get(0).get("details").textValue().replace('"', '\''));
  }
}
