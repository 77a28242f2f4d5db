package org.sluice.ovsdb.server;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.sluice.ovsdb.data.JsonText;
import org.sluice.ovsdb.transaction.TestDatabase;

/** A client that is as slow as the test says, and remembers what it was told. */
final class TestPeer implements Peer {
  private final Remote remote;
  private final List<String> heard = new ArrayList<>();
  private List<byte[]> waiting = List.of();
  private String whyDisconnected;
  private boolean active;

  TestPeer(Remote remote) {
    this.remote = remote;
  }

  /** These pieces, and nothing else, are still to be sent to it. */
  void await(byte[]... pieces) {
    waiting = List.of(pieces);
  }

  /** It has sent something, or taken some of what waits for it. */
  void act() {
    active = true;
  }

  /** What it has been told since the last question. */
  List<String> hear() {
    List<String> all = List.copyOf(heard);
    heard.clear();
    return all;
  }

  boolean isConnected() {
    return whyDisconnected == null;
  }

  /** Why it was disconnected; null if it was not. */
  String whyDisconnected() {
    return whyDisconnected;
  }

  @Override
  public boolean offer(byte[]... message) {
    StringBuilder text = new StringBuilder();
    for (byte[] piece : message) {
      text.append(new String(piece, StandardCharsets.UTF_8));
    }
    heard.add(TestDatabase.text(JsonText.parse(text.toString())));
    return true;
  }

  @Override
  public void flush() {}

  @Override
  public void disconnect(String why) {
    whyDisconnected = why;
    waiting = List.of();
  }

  @Override
  public void awaitDrained() {}

  @Override
  public long backlogBytes() {
    return waiting.stream().mapToLong(piece -> piece.length).sum();
  }

  @Override
  public void forEachWaiting(Consumer<byte[]> action) {
    waiting.forEach(action);
  }

  @Override
  public boolean takeActivity() {
    boolean was = active;
    active = false;
    return was;
  }

  @Override
  public Remote remote() {
    return remote;
  }

  @Override
  public String clientId() {
    return null;
  }

  @Override
  public String name() {
    return "test";
  }
}
