package org.commissure.coordinator.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.commissure.coordinator.console.Endpoint.Reply;
import org.commissure.coordinator.console.access.Accounts;
import org.commissure.coordinator.console.access.ConsoleRole.Right;
import org.commissure.coordinator.report.RunReport;
import org.commissure.coordinator.round.RoundSummary;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.coordinator.storage.ConsoleAccesses;
import org.jspecify.annotations.Nullable;

/** Every operation of the API, in one list. */
final class Endpoints {
    private final Sources sources;
    private final RunFacts runs;
    private final ModelFacts models;
    private final LogIndex index;
    private final LogPages log;
    private final SiteFacts sites;
    private final SignIn signIn;
    private final ProviderSignIn providerSignIn;
    private final AccessLog accesses;

    Endpoints(Sources sources, SignIn signIn, ProviderSignIn providerSignIn, AccessLog accesses) {
        this.sources = sources;
        this.runs = new RunFacts(sources);
        this.models = new ModelFacts(runs);
        this.index = new LogIndex(sources);
        this.log = new LogPages(sources);
        this.sites = new SiteFacts(sources, index);
        this.signIn = signIn;
        this.providerSignIn = providerSignIn;
        this.accesses = accesses;
    }

    /**
     * What the first page shows.
     *
     * @param home the coordinator's folder, as commands name it
     * @param newestRun its id; null where there was no run yet
     */
    record Overview(
            String federation,
            String home,
            Instant now,
            int sites,
            int sitesConnected,
            int runs,
            long logEntries,
            String logRoot,
            @Nullable String newestRun) {}

    /**
     * The coordinator's atlas.
     *
     * @param reason why there is none, with the command; null where there is one
     */
    record AtlasAnswer(@Nullable BrainAtlas atlas, @Nullable String reason) {}

    /** Files that a run left. */
    record RunFiles(List<String> names) {}

    List<Endpoint> all() {
        Accounts accounts = new Accounts(sources.users(), sources.identities(), sources.clock());
        return Stream.of(
                        reading(),
                        providerSignIn.endpoints(),
                        new RunSteering(sources, runs).endpoints(),
                        new UserDesk(accounts, accesses, providerSignIn).endpoints())
                .flatMap(List::stream)
                .toList();
    }

    private List<Endpoint> reading() {
        return List.of(
                Endpoint.post("/session", "Signs in: name and password in the body.", SignIn.Who.class, signIn::signIn)
                        .forAnybody(),
                Endpoint.get("/session", "Who is signed in.", SignIn.Who.class, signIn::who),
                Endpoint.post("/session/end", "Signs out.", SignIn.SignedOut.class, signIn::signOut),
                Endpoint.get("/overview", "The federation at a glance.", Overview.class, call -> Reply.of(overview())),
                Endpoint.get(
                                "/live",
                                "Server-sent events: 'live', each a Live document, whenever something changed.",
                                LiveStream.Live.class,
                                call -> {
                                    throw new IllegalStateException("streams are not answered");
                                })
                        .as(Endpoint.Form.EVENTS),
                Endpoint.get(
                        "/plans",
                        "Published plans of studies, newest first, with each site's word.",
                        JsonNode.class,
                        call -> Reply.of(new RawValue(sources.plans().get()))),
                Endpoint.page(
                        "/runs",
                        "All runs, newest first.",
                        RunFacts.Line.class,
                        call -> Reply.of(runs.list(call.window()))),
                Endpoint.get(
                        "/runs/{run}",
                        "A run's status document, with its newest round only.",
                        RunSummary.class,
                        call -> Reply.of(runs.summary(call.parameter("run")).withNewestRound())),
                Endpoint.page(
                        "/runs/{run}/rounds",
                        "A run's rounds, newest first.",
                        RoundSummary.class,
                        call -> Reply.of(Page.of(
                                runs.summary(call.parameter("run")).history().reversed(), call.window()))),
                Endpoint.get(
                        "/runs/{run}/scores",
                        "The external scores of every round.",
                        RunFacts.Scores.class,
                        call -> Reply.of(runs.scores(call.parameter("run")))),
                Endpoint.get(
                        "/runs/{run}/report",
                        "The report of an ended run: report.json as it was written.",
                        RunReport.class,
                        call -> Reply.of(
                                new RawValue(Files.readString(runs.file(call.parameter("run"), "report.json"))))),
                Endpoint.get(
                        "/runs/{run}/files",
                        "What the run left that can be fetched.",
                        RunFiles.class,
                        call -> Reply.of(new RunFiles(runs.files(call.parameter("run"))))),
                Endpoint.get("/runs/{run}/files/{name}", "One of those files.", byte[].class, this::file)
                        .as(Endpoint.Form.FILE),
                Endpoint.page(
                        "/runs/{run}/models",
                        "Models that the run released, newest first, each with what it was trained from.",
                        ModelFacts.Model.class,
                        call -> Reply.of(models.list(call.parameter("run"), call.window()))),
                Endpoint.get("/runs/{run}/models/{sha256}", "One of them, as safetensors.", byte[].class, this::model)
                        .as(Endpoint.Form.FILE),
                Endpoint.get(
                        "/atlas",
                        "Where the parcels of the coordinator's atlas lie; a reason where none is configured.",
                        AtlasAnswer.class,
                        call -> Reply.of(atlas())),
                Endpoint.page(
                        "/sites", "Enrolled sites.", SiteFacts.Site.class, call -> Reply.of(sites.list(call.window()))),
                Endpoint.page(
                        "/privacy",
                        "What each site stated in the log that its patients' privacy has cost, by run.",
                        LogIndex.Spent.class,
                        call -> Reply.of(Page.of(index.spent(), call.window()))),
                Endpoint.page(
                        "/failures",
                        "What did not go as it should, newest first, with cause and remedy.",
                        LogIndex.Failure.class,
                        call -> Reply.of(Page.of(index.failures(), call.window()))),
                Endpoint.page(
                        "/log",
                        "Entries of the transparency log, newest first.",
                        LogPages.Entry.class,
                        call -> Reply.of(log.list(call.window()))),
                Endpoint.get(
                        "/log/checkpoint",
                        "The newest signed checkpoint.",
                        LogPages.Checkpoint.class,
                        call -> Reply.of(log.checkpoint())),
                Endpoint.post(
                        "/log/verify",
                        "Recomputes the whole log at the server, and says what to run oneself.",
                        LogPages.Verification.class,
                        call -> Reply.of(log.verify())),
                Endpoint.page(
                                "/accesses",
                                "Who read what at this console, newest first.",
                                ConsoleAccesses.Access.class,
                                call -> Reply.of(accesses.list(call.window())))
                        .forRight(Right.READ_ACCESSES));
    }

    private AtlasAnswer atlas() throws IOException {
        BrainAtlas atlas = BrainAtlas.of(sources.home());
        return new AtlasAnswer(
                atlas,
                atlas == null
                        ? "No atlas is configured, and none comes with Commissure. The coordinator's operator names one:"
                                + " commissure coordinator console atlas FILE --home " + sources.home()
                        : null);
    }

    private Overview overview() {
        LogPages.Checkpoint checkpoint = log.checkpoint();
        return new Overview(
                sources.federation(),
                sources.home().toString(),
                sources.clock().instant(),
                sources.registry().sites().size(),
                sources.connected().get().size(),
                sources.runs().count(),
                checkpoint.entries(),
                checkpoint.rootSha256(),
                sources.runs().newestRun().orElse(null));
    }

    private Reply file(Endpoint.Call call) {
        String name = call.parameter("name");
        return Reply.of(
                new Endpoint.Download(runs.file(call.parameter("run"), name), call.parameter("run") + "-" + name));
    }

    private Reply model(Endpoint.Call call) {
        String sha256 = call.parameter("sha256");
        return Reply.of(new Endpoint.Download(
                models.file(call.parameter("run"), sha256), call.parameter("run") + "-" + sha256 + ".safetensors"));
    }
}
