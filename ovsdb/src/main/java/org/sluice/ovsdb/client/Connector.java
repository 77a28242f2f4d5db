package org.sluice.ovsdb.client;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.sluice.base.jsonrpc.JsonRpcConnection;
import org.sluice.base.jsonrpc.JsonRpcLimits;
import org.sluice.base.stream.StreamAddress;
import org.sluice.base.stream.Tls;

/**
 * How a client gets a connection to its server: by connecting, or by listening until the server
 * connects. Implementations are called by one thread at a time.
 */
public interface Connector {
  /** OVSDB's own TCP port, where none is given. */
  int DEFAULT_PORT = 6640;

  /** A connection; waits for it as long as it takes. */
  JsonRpcConnection connect() throws IOException;

  /** Whether the server is on this machine, so that its end is noticed without asking. */
  boolean isLocal();

  /** Whether the server is the one to connect. */
  boolean isPassive();

  /**
   * What {@code remotes} names: one server as {@code unix:FILE}, {@code tcp:HOST:PORT} or the
   * passive {@code punix:FILE}, {@code ptcp:PORT}; or several apart by commas, to be tried in turn.
   *
   * @throws IllegalArgumentException if it is of no such form
   */
  static Connector of(String remotes) {
    return of(remotes, null);
  }

  /**
   * The same, of which some may be {@code ssl:} or {@code pssl:}.
   *
   * @param tls what these use; null for none
   */
  static Connector of(String remotes, Tls tls) {
    List<Connector> all = new ArrayList<>();
    for (String remote : remotes.split(",", -1)) {
      all.add(ofOne(remote.strip(), tls));
    }
    return all.size() == 1 ? all.getFirst() : new Alternatives(remotes, all);
  }

  private static Connector ofOne(String remote, Tls tls) {
    return new One(StreamAddress.parse(remote, Path.of(""), DEFAULT_PORT), tls);
  }

  /** Connects to one server, or lets one connect. */
  record One(StreamAddress remote, Tls tls) implements Connector {
    @Override
    public JsonRpcConnection connect() throws IOException {
      return JsonRpcConnection.over(remote.open(tls), JsonRpcLimits.DATABASE);
    }

    @Override
    public boolean isLocal() {
      return remote instanceof StreamAddress.Unix;
    }

    @Override
    public boolean isPassive() {
      return remote.isPassive();
    }

    @Override
    public String toString() {
      return remote.toString();
    }
  }

  /** Tries several in turn, starting after the one that was connected last. */
  final class Alternatives implements Connector {
    private final String text;
    private final List<Connector> all;
    private int next;

    Alternatives(String text, List<Connector> all) {
      this.text = text;
      this.all = List.copyOf(all);
    }

    @Override
    public JsonRpcConnection connect() throws IOException {
      IOException last = null;
      for (int i = 0; i < all.size(); i++) {
        Connector turn = all.get(next);
        next = (next + 1) % all.size();
        try {
          return turn.connect();
        } catch (IOException e) {
          last = e;
        }
      }
      throw last;
    }

    @Override
    public boolean isLocal() {
      return all.stream().allMatch(Connector::isLocal);
    }

    @Override
    public boolean isPassive() {
      return false;
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
