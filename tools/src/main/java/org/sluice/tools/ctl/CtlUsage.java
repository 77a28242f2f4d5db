package org.sluice.tools.ctl;

/** The parts of the help text that all configuration tools share. Stateless. */
final class CtlUsage {
  static final String DATABASE_COMMANDS =
      """
      Database commands:
        list TBL [REC]              list RECord (or all records) in TBL
        find TBL CONDITION...       list records satisfying CONDITION in TBL
        get TBL REC COL[:KEY]       print values of COLumns in RECord in TBL
        set TBL REC COL[:KEY]=VALUE set COLumn values in RECord in TBL
        add TBL REC COL [KEY=]VALUE add (KEY=)VALUE to COLumn in RECord in TBL
        remove TBL REC COL [KEY=]VALUE  remove (KEY=)VALUE from COLumn
        clear TBL REC COL           clear values from COLumn in RECord in TBL
        create TBL COL[:KEY]=VALUE  create and initialize new record
        destroy TBL REC             delete RECord from TBL
        wait-until TBL REC [COL[:KEY]=VALUE]  wait until condition is true
      Potentially unsafe database commands require --force option.
      """;

  private CtlUsage() {}

  static String options(String database) {
    return """

    Options:
      --db=DATABASE               connect to DATABASE
                                  (default: %s)
    """
        .formatted(database);
  }

  static String connections(String module) {
    return """
      --no-syslog             equivalent to --verbose=%s:syslog:warn

    Active database connection methods:
      tcp:HOST:PORT           PORT at remote HOST
      ssl:HOST:PORT           SSL/TLS PORT at remote HOST
      unix:FILE               Unix domain socket named FILE
    Passive database connection methods:
      ptcp:PORT[:IP]          listen to TCP PORT on IP
      pssl:PORT[:IP]          listen for SSL/TLS on PORT on IP
      punix:FILE              listen on Unix domain socket FILE
      pfd:FD                  listen on pre-opened file descriptor FD
    PKI configuration (required to use SSL/TLS):
      -p, --private-key=FILE  file with private key
      -c, --certificate=FILE  file with certificate for private key
      -C, --ca-cert=FILE      file with peer CA certificate
      --bootstrap-ca-cert=FILE  file with peer CA certificate to read or create
    SSL/TLS options:
      --ssl-protocols=PROTOS    range of SSL/TLS protocols to enable
      --ssl-ciphers=CIPHERS     list of SSL/TLS ciphers to enable
                                with TLSv1.2
      --ssl-ciphersuites=SUITES list of SSL/TLS ciphersuites to
                                enable with TLSv1.3 and later
      --ssl-server-name=NAME    server name for TLS Server Name
                                Indication (SNI)

    Other options:
      -h, --help                  display this help message
      -V, --version               display version information
    """
        .formatted(module);
  }
}
