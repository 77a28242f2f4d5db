package org.sluice.tools.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Programs that people use, through a {@link Firewall} that hides one host behind an address. */
@Timeout(120)
class GatewayProgramsTest {
  private static final int CLIENT = Firewall.CLIENT;
  private static final String HIDDEN = Firewall.HIDDEN;
  private static final String HIDDEN_IPV6 = Firewall.HIDDEN_IPV6;
  private static final String CONTENT = "what the server has\n".repeat(2000);

  @TempDir Path directory;
  private Firewall firewall;
  private Tools tools;
  private Hosts hosts;

  @BeforeEach
  void start() throws Exception {
    firewall = Firewall.start(directory);
    tools = firewall.tools();
    hosts = firewall.hosts();
  }

  @AfterEach
  void stop() throws Exception {
    if (firewall != null) {
      firewall.close();
    }
  }

  /** A folder that servers may read which give up being root. */
  private Path files() throws IOException {
    Path folder = Files.createDirectories(directory.resolve("files"));
    Files.writeString(folder.resolve("file"), CONTENT);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    return folder;
  }

  // --- File transfer.

  private void startFtp(boolean ipv6) throws Exception {
    Tools.assumeInstalled("vsftpd", "curl", "ss");
    Path configuration = directory.resolve("vsftpd.conf");
    Files.writeString(
        configuration,
        """
        listen=LISTEN
        listen_ipv6=IPV6
        background=NO
        anonymous_enable=YES
        local_enable=NO
        anon_root=ROOT
        secure_chroot_dir=ROOT
        run_as_launching_user=YES
        no_anon_password=YES
        connect_from_port_20=NO
        seccomp_sandbox=NO
        isolate=NO
        isolate_network=NO
        """
            .replace("LISTEN", ipv6 ? "NO" : "YES")
            .replace("IPV6", ipv6 ? "YES" : "NO")
            .replace("ROOT", files().toString()));
    firewall.serve("vsftpd", configuration.toString());
    firewall.awaitPort("-tl", 21);
  }

  @ParameterizedTest
  @CsvSource({
    "10.78.0.2, --ftp-pasv, --disable-epsv",
    "10.78.0.2, --ftp-pasv, --ipv4",
    "10.78.0.2, --ftp-port=-, --disable-eprt",
    "10.78.0.2, --ftp-port=-, --ipv4",
    "[fd78::2], --ftp-pasv, --ipv6",
    "[fd78::2], --ftp-port=-, --ipv6",
  })
  void shouldCarryFtpOfAHiddenClient(String server, String mode, String option) throws Exception {
    boolean ipv6 = server.startsWith("[");
    startFtp(ipv6);
    String family = ipv6 ? "tcp6" : "tcp";
    String nat = "nat(src=" + (ipv6 ? HIDDEN_IPV6 : HIDDEN) + "),alg=ftp";
    firewall.open(family + ",tp_dst=21", nat);
    List<String> curl = new ArrayList<>(List.of("curl", "-s", "-S", "-m", "20", option));
    curl.addAll(List.of(mode.split("=", -1)));
    curl.add("ftp://" + server + "/file");
    Tools.Result result = hosts.on(CLIENT, curl.toArray(String[]::new));
    assertEquals(CONTENT, result.output());
    assertEquals("0", firewall.counted("conntrack_gateway_unreadable"));
    assertEquals("", tools.run("ovs-appctl", "dpctl/dump-conntrack-exp", "zone=6"));
  }

  @Test
  void shouldLetNoDataInWhereNobodyReadsWhatIsAnnounced() throws Exception {
    startFtp(false);
    firewall.open("tcp,tp_dst=21", "nat(src=" + HIDDEN + ")");
    Tools.Result result =
        hosts.on(CLIENT, "curl", "-s", "-m", "5", "--ftp-pasv", "ftp://10.78.0.2/file");
    assertFalse(result.status() == 0, result.output());
  }

  @Test
  void shouldCarryTftpOfAHiddenClient() throws Exception {
    Tools.assumeInstalled("atftpd", "curl", "ss");
    String folder = files().toString();
    firewall.serve(
        "atftpd", "--daemon", "--no-fork", "--user", "root.root", "--logfile", "-", folder);
    firewall.awaitPort("-ul", 69);
    firewall.open("udp,tp_dst=69", "nat(src=" + HIDDEN + "),alg=tftp");
    Tools.Result result = hosts.on(CLIENT, "curl", "-s", "-S", "-m", "20", "tftp://10.78.0.2/file");
    assertEquals(CONTENT, result.output());
  }

  // --- Calls.

  /** A call with media that the callee sends back. */
  @ParameterizedTest
  @CsvSource({"u1,udp", "t1,tcp"})
  void shouldCarryACallOfAHiddenCaller(String transport, String protocol) throws Exception {
    Tools.assumeInstalled("sipp", "ss");
    // Open vSwitch's ovs-ofctl does not know the name; the database does.
    tools.run("ovs-vsctl", "set", "Open_vSwitch", ".", "other_config:ct-gateways=sip");
    firewall.open(protocol + ",tp_dst=5060", "nat(src=" + HIDDEN + ")");
    firewall.serve(
        "sipp",
        "-sn",
        "uas",
        "-i",
        "10.78.0.2",
        "-t",
        transport,
        "-rtp_echo",
        "-mp",
        "7000",
        "-nostdin");
    firewall.awaitPort(protocol.equals("udp") ? "-ul" : "-tl", 5060);
    Path messages = directory.resolve("messages");
    Tools.Result call =
        hosts.on(
            CLIENT,
            "sipp",
            "-sn",
            "uac",
            "10.78.0.2:5060",
            "-i",
            "10.78.0.1",
            "-t",
            transport,
            "-m",
            "3",
            "-r",
            "10",
            "-d",
            "300",
            "-mp",
            "6000",
            "-nostdin",
            "-timeout",
            "30",
            "-trace_msg",
            "-message_file",
            messages.toString());
    assertEquals(0, call.status(), call.output());
    String said = Files.readString(messages);
    assertTrue(said.contains("BYE"), said);
    assertFalse(said.contains(HIDDEN), "the caller sees its own address only: " + said);
    String told = tools.run("ovs-appctl", "dpctl/dump-conntrack", "zone=7");
    assertTrue(told.contains(",helper=sip"), told);
    assertEquals("0", firewall.counted("conntrack_gateway_unreadable"));
  }

  /** A recorded voice, sent as RTP and sent back by the callee, for eight seconds. */
  @Test
  void shouldCarryTheVoiceOfAHiddenCallerBothWays() throws Exception {
    Tools.assumeInstalled("sipp", "ss");
    Path recordings = Path.of("/usr/share/sip-tester");
    assumeTrue(Files.exists(recordings.resolve("g711a.pcap")), "skipped: no recordings for sipp");
    Files.createSymbolicLink(directory.resolve("pcap"), recordings);
    tools.run("ovs-vsctl", "set", "Open_vSwitch", ".", "other_config:ct-gateways=sip");
    firewall.open("udp,tp_dst=5060", "nat(src=" + HIDDEN + ")");
    firewall.serve(
        "sipp -sn uas -i 10.78.0.2 -rtp_echo -mi 10.78.0.2 -mp 7000 -nostdin".split(" ", -1));
    firewall.awaitPort("-ul", 5060);
    String call =
        "sipp -sn uac_pcap 10.78.0.2:5060 -i 10.78.0.1 -mi 10.78.0.1 -mp 6000 -m 1 -nostdin"
            + " -timeout 40";
    Tools.Result result = hosts.on(CLIENT, "sh", "-c", "cd " + directory + " && TERM=dumb " + call);
    assertEquals(0, result.status(), result.output());
    String told = tools.run("ovs-appctl", "dpctl/dump-conntrack", "zone=7");
    assertTrue(told.contains("dst=10.78.0.2,sport=6000,dport=7000)"), told);
    for (int from : new int[] {CLIENT, 2}) {
      String flow = tools.run("ovs-ofctl", "dump-flows", "br-gw", "table=2,in_port=" + from);
      Matcher packets = Pattern.compile("n_packets=(\\d+)").matcher(flow);
      assertTrue(packets.find() && Integer.parseInt(packets.group(1)) > 200, flow);
    }
    assertEquals("0", firewall.counted("conntrack_gateway_unreadable"));
  }

  // --- Probes.

  private String scan(String... options) throws Exception {
    List<String> nmap = new ArrayList<>(List.of("nmap", "-n", "-Pn", "--max-retries", "1"));
    nmap.addAll(List.of(options));
    nmap.addAll(List.of("-p", "80,81", "10.78.0.2"));
    return hosts.on(CLIENT, nmap.toArray(String[]::new)).output();
  }

  @Test
  void shouldShowAScannerOnlyWhatMayBeOpened() throws Exception {
    Tools.assumeInstalled("nmap", "ncat", "ss");
    firewall.open("tcp,tp_dst=80,tcp_flags=+syn-ack-fin-rst", "nat(src=" + HIDDEN + ")");
    firewall.serve("ncat", "-l", "-k", "10.78.0.2", "80");
    firewall.awaitPort("-tl", 80);
    String found = scan("-sS");
    assertTrue(found.contains("80/tcp open "), found);
    assertTrue(found.contains("81/tcp filtered"), found);
    // Fragments of eight bytes are refused whatever they carry.
    assertTrue(scan("-sS", "-f").contains("80/tcp filtered"), "fragments");
    assertTrue(scan("-sA").contains("80/tcp filtered"), "acknowledgements out of nowhere");
    for (String kind : new String[] {"-sF", "-sX"}) {
      assertTrue(scan(kind).contains("80/tcp open|filtered"), kind);
    }
  }
}
