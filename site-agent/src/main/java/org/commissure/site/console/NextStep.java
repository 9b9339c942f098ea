package org.commissure.site.console;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.commissure.site.plan.SignedPlan;
import org.commissure.site.status.SiteStatus;
import org.commissure.site.storage.SumRow;

/**
 * The one thing that somebody at this hospital should do now.
 *
 * @param level {@code bad}, {@code wait} or {@code good}
 * @param page where it is done; empty where no page helps
 */
record NextStep(String level, String text, String page, String action) {
    /** The agent renews at two thirds of a certificate's life; one that is so near its end was not renewed. */
    private static final Duration CERTIFICATE_WARNING = Duration.ofDays(3);

    private static final double BUDGET_WARNING = 0.9;

    /** @param sums newest first */
    static NextStep of(
            Instant when, SiteStatus status, LiveStatus.Now now, List<SumRow> sums, List<SignedPlan> undecided) {
        SiteStatus.SeenLog log = status.log();
        if (log != null && log.refused() > 0) {
            return new NextStep(
                    "bad",
                    "The federation's log was forked or shortened: this site refused " + log.refused()
                            + " of its checkpoints. Take part in nothing until it is explained.",
                    "log",
                    "See what was refused");
        }
        Instant expires = Instant.parse(status.tlsCertificateExpires());
        if (expires.isBefore(when.plus(CERTIFICATE_WARNING))) {
            return new NextStep(
                    "bad",
                    "The TLS certificate ends on " + Figures.time(expires)
                            + ". The agent renews it while it is connected; if it is not, ask the coordinator's operator.",
                    "certificates",
                    "See the certificates");
        }
        if (now.level().equals("bad")) {
            return new NextStep(
                    "bad",
                    "The agent has no connection to the coordinator; the reason is below. 'commissure site preflight"
                            + " --home DIR' checks name, port, proxy, clock and certificate.",
                    "",
                    "");
        }
        if (!undecided.isEmpty()) {
            SignedPlan plan = undecided.getFirst();
            return new NextStep(
                    "wait",
                    "A study asks for this hospital's data: '"
                            + plan.study().study().study().name() + "', for " + plan.purpose()
                            + (undecided.size() == 1 ? "." : ", and " + (undecided.size() - 1) + " more."),
                    "plans/" + plan.id(),
                    "Read what is asked, and decide");
        }
        if (!sums.isEmpty() && sums.getFirst().phase().equals("refused")) {
            return new NextStep(
                    "wait",
                    "This site refused the last sum that it was asked for: "
                            + sums.getFirst().note(),
                    "plans",
                    "See the plans");
        }
        if (status.privacy().epsilonSpent() > BUDGET_WARNING * status.privacy().epsilonBudget()) {
            return new NextStep(
                    "wait",
                    "The privacy budget is nearly spent; what exceeds it is refused.",
                    "ledger",
                    "See the ledger");
        }
        return new NextStep("good", "Nothing waits for you.", "", "");
    }
}
