package org.sluice.ovsdb.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.sluice.ovsdb.data.OvsdbException;

/** Short requests that ask for much. */
class AllowanceTest {
  private static final String SELECT = ",{'op':'select','table':'Parent','where':[]}";

  private final TestDatabase family = TestDatabase.family();
  private final TransactionExecutor executor =
      new TransactionExecutor(family.database(), UUID::randomUUID, 20_000);

  AllowanceTest() {
    family.transact("{'op':'insert','table':'Parent','row':{'name':'adam'}}");
    family.transact("{'op':'insert','table':'Parent','row':{'name':'eve'}}");
  }

  private Outcome execute(String operations) {
    return executor.execute(Request.of(TestDatabase.json("['family'" + operations + "]")));
  }

  @Test
  void shouldRefuseToFindTheSameRowsOverAndOver() {
    assertInstanceOf(Outcome.Ready.class, execute(SELECT.repeat(2)));
    Outcome.Failed failed = assertInstanceOf(Outcome.Failed.class, execute(SELECT.repeat(50)));
    assertEquals(50, failed.results().size());
    int i = 0;
    while (failed.results().get(i).has("rows")) {
      i++;
    }
    assertEquals(
        "{'details':'what is found in one transaction may take 20000 bytes',"
            + "'error':'resources exhausted'}",
        TestDatabase.text(failed.results().get(i)));
  }

  @Test
  void shouldRefuseToPutOneLongStringIntoManyRows() throws OvsdbException {
    executor.check(ready(",{'op':'delete','table':'Parent','where':[]}"));
    OvsdbException refused =
        assertThrows(OvsdbException.class, () -> executor.check(ready(mood("x", 15_000))));
    assertEquals("resources exhausted", refused.error().tag());
    executor.check(ready(mood("x", 5_000)));
  }

  private static String mood(String letter, int times) {
    String mood = letter.repeat(times);
    return ",{'op':'update','table':'Parent','where':[],'row':{'mood':'" + mood + "'}}";
  }

  private Transaction ready(String operations) {
    return assertInstanceOf(Outcome.Ready.class, execute(operations)).transaction();
  }
}
