package org.commissure.site.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.commissure.protocol.UserError;
import org.commissure.site.cohort.CohortCheck;
import org.commissure.site.plan.ApprovalTerms;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which page answers which path. Called on the console's own threads; thread-safe. */
final class Routes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Routes.class);
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final String JSON_SUFFIX = ".json";

    private final ConsoleHome home;
    private final Frame frame;
    private final Background<ApprovalTerms> proposals;
    private final Background<CohortCheck> checks;
    private final EpsilonPlot plot = new EpsilonPlot();
    private final Map<String, Page> pages = new LinkedHashMap<>();
    private final Page plan;
    private final Decisions decisions;

    Routes(ConsoleHome home, LiveStatus live) {
        this.home = home;
        this.frame = new Frame(home.settings().site());
        this.proposals = new Background<>(home.clock());
        this.checks = new Background<>(home.clock());
        this.plan = new PlanDetailPage(home, proposals);
        this.decisions = new Decisions(home, proposals, checks);
        pages.put("", new OverviewPage(home, live));
        pages.put("plans", new PlansPage(home));
        pages.put("cohort", new CohortAdmissionPage(home, checks));
        pages.put("consent", new ConsentPage(home));
        pages.put("ledger", new LedgerPage(home));
        pages.put("receipts", new ReceiptsPage(home));
        pages.put("log", new LogPage(home));
        pages.put("certificates", new CertificatesPage(home));
        pages.put("policy", new PolicyPage(home));
    }

    Frame frame() {
        return frame;
    }

    /** @param wantsJson by the Accept header; a path that ends in {@code .json} wants it, too */
    Answer get(Ask asked, boolean wantsJson) {
        boolean json = wantsJson || asked.path().endsWith(JSON_SUFFIX);
        Ask ask = asked.path().endsWith(JSON_SUFFIX) ? asked.at(plain(asked.path())) : asked;
        try {
            if (ask.path().equals("ledger.svg")) {
                String svg = plot.svg(home.ledger(), home.policy().privacy());
                // The picture brings its own style, which follows the reader's scheme; it is not a page of ours.
                return Answer.file("image/svg+xml", svg.getBytes(StandardCharsets.UTF_8))
                        .with("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
            }
            Page page = ask.path().startsWith("plans/") ? plan : pages.get(ask.path());
            if (page == null) {
                throw new UserError("there is no such page", "go back to the overview");
            }
            View view = page.view(ask);
            return json
                    ? Answer.json(200, JSON.writeValueAsString(view.facts()))
                    : Answer.html(200, frame.page(ask, view));
        } catch (UserError e) {
            return problem(ask, e, json);
        } catch (JsonProcessingException | RuntimeException | Error e) {
            return problem(ask, defect(e), json);
        }
    }

    /** Does what a form asks; what cannot be done is said on the page that follows. */
    Answer post(Ask ask) {
        String back =
                ask.path().contains("/") ? ask.path().substring(0, ask.path().lastIndexOf('/')) : "";
        try {
            back = decisions.post(ask);
        } catch (UserError e) {
            ask.session().say(new Sessions.Notice(false, String.valueOf(e.getMessage()), e.remedy()));
        } catch (RuntimeException | Error e) {
            UserError problem = defect(e);
            ask.session().say(new Sessions.Notice(false, String.valueOf(problem.getMessage()), problem.remedy()));
        }
        return Answer.seeOther(ask.link(back));
    }

    private Answer problem(Ask ask, UserError problem, boolean json) {
        try {
            return json
                    ? Answer.json(
                            404,
                            JSON.writeValueAsString(
                                    Map.of("error", String.valueOf(problem.getMessage()), "remedy", problem.remedy())))
                    : Answer.html(404, frame.problem(ask, problem));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("two texts have a JSON form", e);
        }
    }

    /** Without the failure's message, which might name a patient. */
    private static UserError defect(Throwable problem) {
        StackTraceElement[] trace = problem.getStackTrace();
        LOG.error(
                "the console could not answer: {} at {}; the agent goes on",
                problem.getClass().getName(),
                trace.length == 0 ? "an unknown place" : trace[0]);
        return new UserError(
                "an unexpected failure of this page: " + problem.getClass().getSimpleName(),
                "the agent goes on; report the line in its log");
    }

    private static String plain(String path) {
        String without = path.substring(0, path.length() - JSON_SUFFIX.length());
        return without.equals("overview") ? "" : without;
    }

    @Override
    public void close() {
        proposals.close();
        checks.close();
    }
}
