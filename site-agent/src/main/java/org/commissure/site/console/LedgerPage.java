package org.commissure.site.console;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.commissure.privacy.dp.Charge;
import org.commissure.privacy.dp.LedgerContents;
import org.commissure.protocol.study.Study;
import org.commissure.site.policy.SitePolicy;
import org.commissure.site.status.LedgerReport;
import org.commissure.site.storage.SumRow;

/** What was spent of these patients' privacy, over all studies, against the limit. */
final class LedgerPage implements Page {
    private static final int NAMED_SUMS = 2_000;
    private static final List<String> RUNS = List.of("Run", "Study", "Charges", "ε by itself");
    private static final List<String> CHARGES =
            List.of("When", "Run", "Round", "Attempt", "Steps", "Sampling rate", "Noise", "Clip norm");

    private final ConsoleHome home;

    LedgerPage(ConsoleHome home) {
        this.home = home;
    }

    @Override
    public View view(Ask ask) {
        SitePolicy.Privacy budget = home.policy().privacy();
        LedgerContents ledger = home.ledger();
        LedgerReport report = LedgerReport.of(ledger, budget.maximumDelta());
        double spent = report.spent().epsilon();
        List<Charge> charges = ledger.charges().reversed();
        Paging paging = Paging.of(ask, charges.size());
        Map<String, Object> facts = new LinkedHashMap<>(report.facts());
        facts.put("epsilon_budget", budget.epsilonBudget());
        facts.put("epsilon_left", Math.max(0, budget.epsilonBudget() - spent));
        Map<String, String> studies = studies();
        return new View("Ledger", facts, out -> {
            out.element(
                    "p",
                    "Each charge is one masked update that was about to leave. One ledger holds every study on this cohort, and"
                            + " nothing is ever refunded.");
            out.open("dl")
                    .fact("Spent", "ε " + Figures.epsilon(spent) + " at δ " + Figures.delta(budget.maximumDelta()));
            out.fact("Limit of your policy", "ε " + Figures.limit(budget.epsilonBudget()));
            out.fact("Left", "ε " + Figures.epsilon(Math.max(0, budget.epsilonBudget() - spent)));
            out.fact("Withdrawn patients", Long.toString(ledger.withdrawn()));
            out.fact("Head of the chain", ledger.head()).close();
            if (!charges.isEmpty()) {
                String words = "Epsilon spent over " + charges.size() + " charges: " + Figures.epsilon(spent) + " of "
                        + Figures.epsilon(budget.epsilonBudget());
                out.empty("img", "class", "plot", "src", ask.link("ledger.svg"), "alt", words);
            }
            out.table(
                    "Runs, newest first; they do not add up, but compose",
                    RUNS,
                    report.runs().reversed().stream()
                            .limit(Paging.ROWS)
                            .map(run -> List.of(
                                    run.run(),
                                    studies.getOrDefault(run.run(), ""),
                                    Integer.toString(run.charges()),
                                    Figures.epsilon(run.epsilon())))
                            .toList(),
                    "Nothing was spent yet.");
            out.table(
                    "Charges, newest first",
                    CHARGES,
                    paging.of(charges).stream().map(LedgerPage::row).toList(),
                    "");
            paging.links(out, ask.link("ledger"));
        });
    }

    private Map<String, String> studies() {
        return home.sums(NAMED_SUMS).stream()
                .collect(Collectors.toMap(row -> row.sum().getRunId(), this::name, (one, other) -> one));
    }

    private String name(SumRow row) {
        return home.study(row).map(Study::study).map(Study.Description::name).orElse("");
    }

    private static List<String> row(Charge charge) {
        return List.of(
                Figures.time(charge.when()),
                charge.runId(),
                Integer.toString(charge.round()),
                Integer.toString(charge.attempt()),
                Long.toString(charge.steps()),
                Double.toString(charge.samplingRate()),
                charge.noiseMultiplier() + (charge.share().isPresent() ? " over the sum" : ""),
                Double.toString(charge.clipNorm()));
    }
}
