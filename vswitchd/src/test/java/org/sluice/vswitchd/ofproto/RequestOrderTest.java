package org.sluice.vswitchd.ofproto;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Who waits for whom where requests take turns. */
class RequestOrderTest {
  private static final long MS = 1_000_000;

  private final RequestOrder order = RequestOrder.strict();

  RequestOrderTest() {
    order.join();
    order.join();
  }

  private boolean letsOthersGoFirst(long nowNs) {
    order.enter();
    try {
      return order.letOthersGoFirst(nowNs);
    } finally {
      order.leave();
    }
  }

  @Test
  void shouldLetOthersGoFirstOnceInAStreamOfBarriers() {
    assertTrue(letsOthersGoFirst(0));
    for (int i = 1; i < 1_000; i++) {
      assertFalse(letsOthersGoFirst(i * MS));
    }
  }

  @Test
  void shouldLetOthersGoFirstAgainAfterAPause() {
    assertTrue(letsOthersGoFirst(0));
    assertTrue(letsOthersGoFirst(25 * MS));
  }

  @Test
  void shouldLetOthersGoFirstAgainWhenAnotherHasAsked() {
    assertTrue(letsOthersGoFirst(0));
    boolean another = CompletableFuture.supplyAsync(() -> letsOthersGoFirst(MS)).join();
    assertTrue(another);
    assertTrue(letsOthersGoFirst(2 * MS));
  }

  @Test
  void shouldLetOthersTakeTheirTurnsWhileOneWaitsForItsPeer() {
    order.enter();
    order.aside(() -> CompletableFuture.runAsync(() -> letsOthersGoFirst(0)).join());
    CompletableFuture<Boolean> late = CompletableFuture.supplyAsync(() -> letsOthersGoFirst(MS));
    assertFalse(late.isDone(), "it is the one's turn again");
    order.leave();
    late.join();
  }

  @Test
  void shouldWaitForNobodyWhereThereIsNobodyElse() {
    order.quit();
    assertFalse(letsOthersGoFirst(0));
  }

  @Test
  void shouldWaitForNobodyWhereRequestsAreHandledSideBySide() {
    assertFalse(RequestOrder.NONE.letOthersGoFirst(0));
  }
}
