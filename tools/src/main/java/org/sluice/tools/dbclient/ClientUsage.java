package org.sluice.tools.dbclient;

/** The help text but for the parts that other programs have too. Stateless. */
final class ClientUsage {
  static final String COMMANDS =
      """
      ovsdb-client: Open vSwitch database JSON-RPC client
      usage: ovsdb-client [OPTIONS] COMMAND [ARG...]

      Commands, each with the servers and databases it may be told to use:

        list-dbs [SERVER]
          names of the databases
        get-schema [SERVER] [DATABASE]
        get-schema-version [SERVER] [DATABASE]
        get-schema-cksum [SERVER] [DATABASE]
          the whole schema as JSON; its version or checksum alone
        list-tables [SERVER] [DATABASE]
        list-columns [SERVER] [DATABASE] [TABLE]
          the tables; the columns of one or all, with their types

        transact [SERVER] TRANSACTION
          run the "transact" parameters TRANSACTION and print the results
        query [SERVER] TRANSACTION
          the same, but let it change nothing
        dump [SERVER] [DATABASE] [TABLE [COLUMN]...]
          contents of one table or all

        monitor [SERVER] [DATABASE] TABLE [COLUMN,...]...
        monitor [SERVER] [DATABASE] ALL
          contents, and then every change as it happens; among the COLUMNs,
          !initial, !insert, !delete and !modify leave out kinds of changes
        monitor-cond [SERVER] [DATABASE] CONDITION TABLE [COLUMN,...]...
          the same for rows that match CONDITION
        monitor-cond-since [SERVER] [DATABASE] [LASTID] CONDITION TABLE [COLUMN,...]...
          the same, with what changed after transaction LASTID if the server
          still knows that, or else from the beginning

        convert [SERVER] SCHEMA
          convert the database that the file SCHEMA describes to it
        needs-conversion [SERVER] SCHEMA
          say whether that would change its schema: yes or no
        backup [SERVER] [DATABASE] > SNAPSHOT
          contents as a database file
        [--force] restore [SERVER] [DATABASE] < SNAPSHOT
          replace the contents by those of a database file

        wait [SERVER] DATABASE STATE
          until DATABASE is "added", "connected" or "removed"
        lock [SERVER] LOCK
        steal [SERVER] LOCK
        unlock [SERVER] LOCK
          ask for a lock, take it away from its owner, give it up; then tell
          what becomes of it

      The default SERVER is %s.
      The default DATABASE is Open_vSwitch.
      """;
  static final String CONNECTIONS =
      """

      Active SERVER connection methods:
        tcp:HOST:PORT           PORT at remote HOST
        ssl:HOST:PORT           SSL/TLS PORT at remote HOST
        unix:FILE               Unix domain socket named FILE
      Passive SERVER connection methods:
        ptcp:PORT[:IP]          listen to TCP PORT on IP
        pssl:PORT[:IP]          listen for SSL/TLS on PORT on IP
        punix:FILE              listen on Unix domain socket FILE
        pfd:FD                  listen on pre-opened file descriptor FD
      """;
  static final String TIMESTAMP = "  --timestamp                 timestamp \"monitor\" output\n";
  static final String OTHER =
      """

      Other options:
        -t, --timeout=SECS          limits ovsdb-client runtime to
                                    approximately SECS seconds.
        --leader-only               accept only the leader of a cluster (default)
        --no-leader-only            accept any connected member of a cluster
        -h, --help                  display this help message
        -V, --version               display version information
      """;

  private ClientUsage() {}
}
