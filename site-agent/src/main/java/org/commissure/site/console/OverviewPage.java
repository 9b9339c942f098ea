package org.commissure.site.console;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.commissure.site.plan.SignedPlan;
import org.commissure.site.status.SiteStatus;
import org.commissure.site.storage.SumRow;

/** Where the site stands, and what somebody should do next. */
final class OverviewPage implements Page {
    private static final List<String> COLUMNS = List.of("Run", "Round", "Sum", "Attempt", "This site", "Since");

    private final ConsoleHome home;
    private final LiveStatus live;

    OverviewPage(ConsoleHome home, LiveStatus live) {
        this.home = home;
        this.live = live;
    }

    @Override
    public View view(Ask ask) {
        List<SumRow> sums = home.sums(SiteStatus.LAST_SUMS);
        List<SignedPlan> undecided = home.undecided();
        SiteStatus status = SiteStatus.withoutCohort(home.home(), home.clock(), sums);
        LiveStatus.Now now = live.now(sums, undecided);
        NextStep next = NextStep.of(home.clock().instant(), status, now, sums, undecided);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("next", next);
        facts.put("now", now);
        facts.put("status", status);
        return new View("Overview", facts, out -> {
            next(out, ask, next);
            now(out, now);
            out.element("h2", "This site").open("dl");
            out.fact("Site", status.site() + ", in federation " + status.federation());
            out.fact("Coordinator", status.coordinator());
            out.fact(
                    "Privacy spent",
                    "ε " + Figures.epsilon(status.privacy().epsilonSpent()) + " of "
                            + Figures.limit(status.privacy().epsilonBudget()) + " at δ "
                            + Figures.delta(status.privacy().delta()));
            out.fact("Federation's log", log(status));
            out.fact("TLS certificate", until(status.tlsCertificateExpires()));
            out.fact("Signing certificate", until(status.signingCertificateExpires()));
            out.close();
            out.element("h2", "Last sums");
            List<List<String>> rows =
                    sums.stream().limit(LiveStatus.SUMS).map(OverviewPage::row).toList();
            out.table("Newest first", COLUMNS, rows, "The coordinator has not asked this site for any sum yet.");
        });
    }

    private static void next(Markup out, Ask ask, NextStep next) {
        out.open("section", "class", "next " + next.level(), "aria-labelledby", "next");
        out.element("h2", "Next", "id", "next").element("p", next.text());
        if (!next.page().isEmpty()) {
            out.open("p")
                    .element("a", next.action(), "class", "button", "href", ask.link(next.page()))
                    .close();
        }
        out.close();
    }

    private static void now(Markup out, LiveStatus.Now now) {
        out.open("section", "aria-labelledby", "now", "data-signature", now.signature());
        out.element("h2", "Now", "id", "now").open("div", "aria-live", "polite");
        out.open("p").element("span", now.connection(), "class", "state " + now.level(), "data-live", "connection");
        out.close();
        out.element("p", now.run(), "data-live", "run");
        out.element("p", now.work(), "class", "quiet", "data-live", "work");
        out.close().close();
    }

    private static String until(String instant) {
        return "until " + Figures.time(Instant.parse(instant));
    }

    private static String log(SiteStatus status) {
        SiteStatus.SeenLog log = status.log();
        if (log == null) {
            return "not watched yet; the agent begins when it connects";
        }
        return log.entries() + " entries watched by this site"
                + (log.refused() == 0 ? ", nothing refused" : ", " + log.refused() + " CHECKPOINTS REFUSED");
    }

    private static List<String> row(SumRow row) {
        return List.of(
                row.sum().getRunId(),
                Integer.toString(row.sum().getRound()),
                PhaseWords.kind(row.sum().getKind()),
                Integer.toString(row.sum().getAttempt()),
                PhaseWords.now(row.phase()) + (row.note().isEmpty() ? "" : " (" + row.note() + ")"),
                Figures.time(row.updatedUnixMs()));
    }
}
