package org.sluice.datapath.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.datapath.conntrack.PacketMaker.End;
import org.sluice.datapath.conntrack.alg.Gateway;
import org.sluice.datapath.conntrack.alg.GatewayPorts;
import org.sluice.datapath.packet.IpProtocol;

/** Offers between IRC clients, backups by Amanda, and gateways by port. */
class RareGatewayTest {
  private static final End ANYBODY = new End("10.7.7.7", 999);

  private static Dialog irc(boolean translated) {
    return new Dialog(Gateway.IRC, IpProtocol.TCP, 4000, 6667, translated);
  }

  private static Dialog amanda(boolean translated) {
    return new Dialog(Gateway.AMANDA, IpProtocol.UDP, 900, 10_080, translated);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PRIVMSG bob :\1DCC SEND file 167772161 40001 1234\1\r\n",
        "PRIVMSG bob :\1DCC SEND \"a file\" 167772161 40001 1234\1\r\n",
        "PRIVMSG bob :\1DCC CHAT chat 167772161 40001\1\n",
        "NOTICE bob :\1DCC TSEND file 167772161 40001 9\1\r\n",
      })
  void shouldLetAnybodyTakeAnIrcOffer(String offer) {
    Dialog plain = irc(false);
    plain.clientSays(offer);
    assertEquals(offer, plain.server.got);
    assertEquals(
        "new|rel|trk 10.7.7.7:999>10.0.0.1:40001",
        plain.opens(IpProtocol.TCP, ANYBODY, new End("10.0.0.1", 40_001)));
  }

  @Test
  void shouldRewriteAnIrcOfferOfAHiddenClient() {
    Dialog hidden = irc(true);
    String offer = "PRIVMSG bob :\1DCC SEND file 167772161 40001 1234\1\r\n";
    hidden.clientSays("NICK alice\r\n" + offer.substring(0, 30));
    hidden.clientSays(offer.substring(30));
    // 10.9.9.200
    String seen = offer.replace("167772161", "168364488");
    assertEquals("NICK alice\r\n" + seen, hidden.server.all.toString());
    assertEquals(
        "new|rel|trk 10.7.7.7:999>10.0.0.1:40001",
        hidden.opens(IpProtocol.TCP, ANYBODY, new End("10.9.9.200", 40_001)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PRIVMSG bob :\1DCC SEND file 167772163 40001 1234\1\r\n",
        "PRIVMSG bob :\1DCC SEND file 99999999999 40001 1234\1\r\n",
        "PRIVMSG bob :\1DCC SEND file 167772161 70000 1234\1\r\n",
        "PRIVMSG bob :\1DCC SEND file 167772161\1\r\n",
        "PRIVMSG bob :\1DCC SEND \r\n",
      })
  void shouldCountAnIrcOfferThatIsNotCredible(String offer) {
    Dialog hidden = irc(true);
    hidden.clientSays(offer);
    assertEquals(offer, hidden.server.got);
    assertEquals(0, hidden.conntrack.expectationCount());
    assertEquals(1, hidden.conntrack.unreadableMessages());
  }

  @Test
  void shouldForgetAnIrcOfferAfterTenMinutes() {
    Dialog plain = irc(false);
    plain.clientSays("PRIVMSG bob :\1DCC CHAT chat 167772161 40001\1\r\n");
    assertEquals(1, plain.conntrack.expectationsNow(599_999).size());
    assertEquals(0, plain.conntrack.expectationsNow(600_000).size());
    plain.nowMs = 600_000;
    assertEquals(
        "new|trk 10.7.7.7:999>10.0.0.1:40001",
        plain.opens(IpProtocol.TCP, ANYBODY, new End("10.0.0.1", 40_001)));
  }

  @Test
  void shouldLetTheBackupServerConnectToThePortsThatAmandaNames() {
    Dialog backup = amanda(true);
    backup.clientSays("Amanda 2.4 REQ HANDLE 0 SEQ 1\nSERVICE sendbackup\n");
    backup.nowMs = 299_999;
    backup.serverSays("Amanda 2.4 REP\nCONNECT DATA 50000 MESG 50001 INDEX 0\nOPTIONS ;\n");
    assertEquals(2, backup.conntrack.expectationCount());
    assertEquals(
        "new|rel|trk 10.9.9.200:950>10.0.0.2:50001",
        backup.opens(IpProtocol.TCP, new End("10.0.0.1", 950), new End("10.0.0.2", 50_001)));
  }

  @Test
  void shouldCountWhatAmandaAndTftpCannotRead() {
    Dialog backup = amanda(false);
    backup.clientSays("REQ");
    backup.serverSays("CONNECT DATA x\n");
    backup.serverSays("CONNECT DATA");
    assertEquals(2, backup.conntrack.unreadableMessages());
    Dialog transfer = new Dialog(Gateway.TFTP, IpProtocol.UDP, 4000, 69, false);
    transfer.clientSays("\0");
    transfer.clientSays("\0\77rubbish");
    assertEquals(2, transfer.conntrack.unreadableMessages());
  }

  @Test
  void shouldReadByPortWhereTheZoneSaysSo() {
    Dialog dialog = new Dialog(Gateway.NONE, IpProtocol.TCP, 4000, 80, false);
    dialog.conntrack.zones().setOtherGateways(GatewayPorts.parse("sip").orElseThrow());
    dialog.conntrack.zones().setGateways(1, GatewayPorts.parse("irc:2000, ftp").orElseThrow());
    assertEquals(Gateway.IRC, dialog.conntrack.zones().gateway(1, IpProtocol.TCP, 2000));
    assertEquals(Gateway.FTP, dialog.conntrack.zones().gateway(1, IpProtocol.TCP, 21));
    assertEquals(Gateway.NONE, dialog.conntrack.zones().gateway(1, IpProtocol.UDP, 5060));
    assertEquals(Gateway.SIP, dialog.conntrack.zones().gateway(2, IpProtocol.UDP, 5060));
    assertEquals(
        "new|trk 10.0.0.1:1>10.0.0.2:2000",
        dialog.opens(IpProtocol.TCP, new End("10.0.0.1", 1), new End("10.0.0.2", 2000)));
    dialog.conntrack.visit(
        0,
        each -> {
          boolean isIrc = each.original().destinationPort() == 2000;
          assertEquals(isIrc ? Gateway.IRC : Gateway.NONE, each.gateway());
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"nosuch", "ftp:0", "ftp:70000", "ftp:x", ":21"})
  void shouldRefuseAListOfGatewaysWithAnError(String list) {
    assertEquals(true, GatewayPorts.parse(list).isEmpty());
  }
}
