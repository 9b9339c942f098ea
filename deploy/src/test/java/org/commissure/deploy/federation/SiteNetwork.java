package org.commissure.deploy.federation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A network namespace with one cable to this machine, whose faults are the kernel's own. Needs root on Linux. */
final class SiteNetwork implements AutoCloseable {
    private static final int MAXIMUM_OCTET = 250;

    private final String name;
    private final String here;
    private final String there;
    private final String subnet;

    private SiteNetwork(String name, int octet) {
        this.name = name;
        this.here = name + "h";
        this.there = name + "s";
        this.subnet = "10.213." + octet;
    }

    /** Skips the test, saying why, where the machine lets nobody make one. */
    static SiteNetwork make() {
        int octet = ThreadLocalRandom.current().nextInt(1, MAXIMUM_OCTET);
        SiteNetwork network = new SiteNetwork("cmsr" + octet, octet);
        Optional<String> problem = attempt("ip", "netns", "add", network.name);
        Assumptions.assumeTrue(problem.isEmpty(), () -> "no network namespace can be made here: " + problem.get());
        try {
            run("ip", "link", "add", network.here, "type", "veth", "peer", "name", network.there);
            run("ip", "link", "set", network.there, "netns", network.name);
            run("ip", "address", "add", network.address() + "/24", "dev", network.here);
            run("ip", "link", "set", network.here, "up");
            network.runInside("ip", "address", "add", network.siteAddress() + "/24", "dev", network.there);
            network.runInside("ip", "link", "set", network.there, "up");
            network.runInside("ip", "link", "set", "lo", "up");
            return network;
        } catch (IllegalStateException e) {
            network.close();
            throw e;
        }
    }

    /** Where this machine is, seen from the site. */
    String address() {
        return subnet + ".1";
    }

    private String siteAddress() {
        return subnet + ".2";
    }

    /** Starts processes at the site's end of the cable. */
    Launcher launcher(Launcher launcher) {
        return launcher.behind("ip", "netns", "exec", name);
    }

    /** One megabit a second in both directions. */
    void slow() {
        shape("tbf", "rate", "1mbit", "burst", "32kbit", "latency", "400ms").ifPresent(problem -> {
            throw new IllegalStateException(problem);
        });
    }

    /** A tenth of a second each way, and two packets in a hundred are lost. @return why the kernel cannot, where it cannot */
    Optional<String> delayAndLose() {
        return shape("netem", "delay", "100ms", "20ms", "loss", "2%");
    }

    private Optional<String> shape(String... discipline) {
        Optional<String> problem = attempt(joined(List.of("tc", "qdisc", "replace", "dev", here, "root"), discipline));
        return problem.isPresent()
                ? problem
                : attempt(inside(joined(List.of("tc", "qdisc", "replace", "dev", there, "root"), discipline)));
    }

    void full() {
        run("tc", "qdisc", "del", "dev", here, "root");
        runInside("tc", "qdisc", "del", "dev", there, "root");
    }

    /** Pulls the cable: nobody is told. */
    void cut() {
        runInside("ip", "link", "set", there, "down");
    }

    void mend() {
        runInside("ip", "link", "set", there, "up");
    }

    /** What this machine sends is addressed to nobody; what the site sends still comes. */
    void halfOpen() {
        run("ip", "neigh", "replace", siteAddress(), "lladdr", "02:00:00:00:00:01", "dev", here, "nud", "permanent");
    }

    void wholeAgain() {
        run("ip", "neigh", "del", siteAddress(), "dev", here);
    }

    @Override
    public void close() {
        attempt("ip", "link", "del", here);
        attempt("ip", "netns", "del", name);
    }

    private List<String> inside(List<String> command) {
        return joined(List.of("ip", "netns", "exec", name), command.toArray(String[]::new));
    }

    private void runInside(String... command) {
        run(inside(List.of(command)));
    }

    private static List<String> joined(List<String> first, String... rest) {
        return Stream.concat(first.stream(), Stream.of(rest)).toList();
    }

    private static void run(String... command) {
        run(List.of(command));
    }

    private static void run(List<String> command) {
        attempt(command).ifPresent(problem -> {
            throw new IllegalStateException(String.join(" ", command) + ": " + problem);
        });
    }

    private static Optional<String> attempt(String... command) {
        return attempt(List.of(command));
    }

    /** @return what it said, where it failed */
    private static Optional<String> attempt(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? Optional.empty() : Optional.of(said.strip());
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
