package org.sluice.tools.vsctl;

import static org.sluice.tools.ctl.CtlCommand.reading;
import static org.sluice.tools.ctl.CtlCommand.writing;

import java.util.List;
import org.sluice.ovsdb.client.Draft;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.transaction.Row;
import org.sluice.tools.ctl.CtlCommand;
import org.sluice.tools.ctl.CtlContext;
import org.sluice.tools.ctl.Invocation;

/** The files that the switch and its database use for TLS. Stateless. */
final class SslCommands {
  private static final String TABLE = "SSL";
  private static final String COLUMN = "ssl";
  private static final String[] FILES = {"private_key", "certificate", "ca_cert"};
  private static final String BOOTSTRAP = "bootstrap_ca_cert";

  private SslCommands() {}

  static List<CtlCommand> all() {
    return List.of(
        reading("get-ssl", 0, 0, "")
            .needing((wanted, _) -> {
              wanted.add(SwitchDatabase.ROOT, COLUMN);
              wanted.add(TABLE, FILES);
              wanted.add(TABLE, BOOTSTRAP);
            })
            .running(SslCommands::get),
        writing("del-ssl", 0, 0, "")
            .needing((wanted, _) -> wanted.add(SwitchDatabase.ROOT, COLUMN))
            .running(SslCommands::delete),
        writing("set-ssl", 3, 3, "PRIVATE-KEY CERTIFICATE CA-CERT")
            .options("--bootstrap")
            .needing((wanted, _) -> wanted.add(SwitchDatabase.ROOT, COLUMN))
            .running(SslCommands::set));
  }

  /** The row, or null. */
  private static Row current(CtlContext context) {
    Row root = SwitchDraft.of(context).root();
    context.draft().verify(root, COLUMN);
    return context.draft().row(TABLE, root.get(COLUMN).uuid());
  }

  private static void get(CtlContext context) {
    Row ssl = current(context);
    if (ssl == null) {
      return;
    }
    for (String file : FILES) {
      context.draft().verify(ssl, file);
    }
    Invocation invocation = context.invocation();
    invocation.println("Private key: " + ssl.get("private_key").string());
    invocation.println("Certificate: " + ssl.get("certificate").string());
    invocation.println("CA Certificate: " + ssl.get("ca_cert").string());
    invocation.println("Bootstrap: " + ssl.get(BOOTSTRAP).bool(false));
  }

  private static void delete(CtlContext context) {
    Row ssl = current(context);
    if (ssl != null) {
      context.draft().delete(ssl);
      context.draft().set(SwitchDraft.of(context).root(), COLUMN, Datum.EMPTY);
    }
  }

  private static void set(CtlContext context) {
    delete(context);
    Draft draft = context.draft();
    Row ssl = draft.insert(TABLE);
    for (int i = 0; i < FILES.length; i++) {
      draft.set(ssl, FILES[i], Datum.of(context.invocation().argument(i)));
    }
    draft.set(ssl, BOOTSTRAP, Datum.of(context.invocation().has("--bootstrap")));
    draft.set(SwitchDraft.of(context).root(), COLUMN, Datum.of(ssl.uuid()));
  }
}
