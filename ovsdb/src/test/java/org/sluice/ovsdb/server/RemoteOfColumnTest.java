package org.sluice.ovsdb.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.base.jsonrpc.JsonRpcConnection;
import org.sluice.base.jsonrpc.JsonRpcLimits;
import org.sluice.ovsdb.server.TestServer.Client;

/** A client of a remote that a column names, and that the client itself takes away. */
@Timeout(60)
class RemoteOfColumnTest {
  @TempDir Path directory;

  @Test
  void shouldAnswerWhoHasTheOwnRemoteStopped() throws Exception {
    ServerConfig config =
        new ServerConfig(directory, directory, JsonRpcLimits.DATABASE, 1 << 18, 8, 5_000, null);
    try (TestServer server = new TestServer(directory, config);
        Client first = server.client()) {
      server.server().addRemote("db:family,Parent,name");
      first.transact("{'op':'insert','table':'Parent','row':{'name':'punix:other.sock'}}");
      Path other = directory.resolve("other.sock");
      try (Client own = new Client(JsonRpcConnection.connectUnix(other, JsonRpcLimits.DATABASE))) {
        String answer =
            own.transact(
                "{'op':'update','table':'Parent','where':[],'row':{'name':'punix:third.sock'}}");
        assertEquals("[{'count':1}]", answer);
        assertThrows(IOException.class, () -> own.call("echo", "[]"));
      }
    }
  }
}
