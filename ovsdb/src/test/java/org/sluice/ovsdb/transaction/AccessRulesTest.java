package org.sluice.ovsdb.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.DatabaseSchema;

/** Clients in a role may touch their own colors, and of them only some columns. */
class AccessRulesTest {
  private static final String SCHEMA =
      """
      {'name':'colors','tables':{
        'RBAC_Role':{'isRoot':true,'columns':{'name':{'type':'string'},
          'permissions':{'type':{'key':'string','value':{'type':'uuid','refTable':'RBAC_Permission'},
            'min':0,'max':'unlimited'}}}},
        'RBAC_Permission':{'isRoot':true,'columns':{'table':{'type':'string'},
          'authorization':{'type':{'key':'string','min':0,'max':'unlimited'}},
          'insert_delete':{'type':'boolean'},
          'update':{'type':{'key':'string','min':0,'max':'unlimited'}}}},
        'fixed':{'isRoot':true,'columns':{'name':{'type':'string'}}},
        'own':{'isRoot':true,'columns':{'creator':{'type':'string'},'name':{'type':'string'}}}}}
      """;

  private Database database;
  private TransactionExecutor executor;

  @BeforeEach
  void setUp() throws OvsdbException {
    database = new Database(DatabaseSchema.fromJson(TestDatabase.json(SCHEMA)));
    executor = new TransactionExecutor(database, UUID::randomUUID);
    run(
        "",
        "{'op':'insert','table':'RBAC_Permission','uuid-name':'p','row':{'authorization':'creator',"
            + "'insert_delete':true,'table':'own','update':['set',['name']]}},"
            + "{'op':'insert','table':'RBAC_Role','row':{'name':'painter',"
            + "'permissions':['map',[['own',['named-uuid','p']]]]}}");
    run("painter", "{'op':'insert','table':'own','row':{'creator':'ann','name':'red'}}");
  }

  /** Runs operations as ann, in a role. */
  private String run(String role, String operations) throws OvsdbException {
    return run(role, "ann", operations);
  }

  private String run(String role, String id, String operations) throws OvsdbException {
    LockHolder sender =
        new LockHolder() {
          @Override
          public boolean holds(String lock) {
            return false;
          }

          @Override
          public String role() {
            return role;
          }

          @Override
          public String clientId() {
            return id;
          }
        };
    ArrayNode params = (ArrayNode) TestDatabase.json("['colors'," + operations + "]");
    Outcome outcome = executor.execute(new Request(params, sender, false, 0));
    if (outcome instanceof Outcome.Ready(ArrayNode results, Transaction transaction)) {
      database.apply(CommitCheck.run(transaction));
      return TestDatabase.text(results);
    }
    return TestDatabase.text(((Outcome.Failed) outcome).results());
  }

  private static void assertDenied(String operation, String table, String answer) {
    String text = "prohibit %s table \\'%s\\'.".formatted(operation, table);
    assertTrue(answer.contains("'error':'permission error'"), answer);
    assertTrue(answer.contains(text), answer);
  }

  @Test
  void shouldLetTheCreatorChangeWhatTheRoleMayChange() throws OvsdbException {
    assertEquals(
        "[{'count':1}]",
        run("painter", "{'op':'update','table':'own','where':[],'row':{'name':'blue'}}"));
    assertDenied(
        "modification of",
        "own",
        run("painter", "{'op':'update','table':'own','where':[],'row':{'creator':'bob'}}"));
  }

  @Test
  void shouldNotLetOthersTouchWhatIsNotTheirs() throws OvsdbException {
    assertDenied(
        "row deletion from",
        "own",
        run("painter", "bob", "{'op':'delete','table':'own','where':[]}"));
    assertDenied(
        "row insertion into",
        "own",
        run("painter", "bob", "{'op':'insert','table':'own','row':{'creator':'ann'}}"));
    assertDenied(
        "row insertion into",
        "own",
        run("painter", null, "{'op':'insert','table':'own','row':{'creator':'ann'}}"));
  }

  @Test
  void shouldNotLetARoleTouchTablesItHasNoPermissionFor() throws OvsdbException {
    assertDenied(
        "row insertion into",
        "fixed",
        run("painter", "{'op':'insert','table':'fixed','row':{'name':'x'}}"));
  }

  @Test
  void shouldLetWhoeverHasNoRoleDoEverything() throws OvsdbException {
    assertEquals("[{'count':1}]", run("", "{'op':'delete','table':'own','where':[]}"));
  }
}
