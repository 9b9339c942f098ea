package org.commissure.deploy.federation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.protocol.UserError;
import org.commissure.protocol.loopback.LoopbackPorts;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One run of two rounds, all sites talking through a {@link RecordingProxy}. It is made once for all
 * test classes that ask for it; its processes live until the last test is over.
 */
public final class FinishedRun implements AutoCloseable {
    public static final String RUN_ID = "first";
    public static final int ROUNDS = 2;
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final TinyFederation tiny;
    private final RecordingProxy proxy;

    private FinishedRun(TinyFederation tiny, RecordingProxy proxy) {
        this.tiny = tiny;
        this.proxy = proxy;
    }

    /** Hands the one run to every test constructor that wants it. */
    public static final class Provider implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == FinishedRun.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.GLOBAL)
                    .getOrComputeIfAbsent(FinishedRun.class, key -> make(), FinishedRun.class);
        }
    }

    private static FinishedRun make() {
        try {
            TinyFederation tiny = new TinyFederation(Files.createTempDirectory("commissure-run"));
            // Its sites state how many patients they have, noised, as new sites do.
            Files.writeString(
                    Path.of(tiny.policy().getLast()),
                    "[leaving]\nin_clear = [\"progress\", \"reason\", \"epsilon\", \"agent_version\"]\n"
                            + "cohort_counts_epsilon = 0.25\n",
                    StandardOpenOption.APPEND);
            ProcessFederation processes = tiny.processes();
            int port = LoopbackPorts.free();
            RecordingProxy proxy = new RecordingProxy(port);
            FinishedRun run = new FinishedRun(tiny, proxy);
            try {
                processes.initialise("tiny", port);
                processes.startCoordinatorWithConsole();
                for (String site : TinyFederation.SITES) {
                    Path invitation = processes.invite(site);
                    TinyFederation.redirect(invitation, proxy.port());
                    processes
                            .enrol(invitation, processes.siteHome(site), tiny.cohort(site), tiny.policy())
                            .orThrow();
                    processes.startSite(site);
                }
                tiny.awaitConnected();
                processes.startRun(RUN_ID, tiny.study(TinyFederation.template(), ROUNDS));
                if (!processes.watch().until(summary -> summary.state().terminal(), LIMIT)) {
                    throw new UserError(
                            "the run did not end: " + processes.watch().newest(), "see " + processes.logs());
                }
                processes.coordinator().await("run " + RUN_ID + " ended", LIMIT); // its folder is complete
                return run;
            } catch (RuntimeException e) {
                run.close();
                throw e;
            }
        } catch (IOException e) {
            throw new IllegalStateException("no proxy", e);
        }
    }

    TinyFederation tiny() {
        return tiny;
    }

    public ProcessFederation processes() {
        return tiny.processes();
    }

    RecordingProxy proxy() {
        return proxy;
    }

    /** The last status of the run. */
    public RunSummary end() {
        return processes().watch().newest().orElseThrow();
    }

    @Override
    public void close() throws IOException {
        tiny.close();
        proxy.close();
    }
}
