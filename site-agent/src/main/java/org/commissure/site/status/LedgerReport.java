package org.commissure.site.status;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.commissure.privacy.dp.Charge;
import org.commissure.privacy.dp.Guarantee;
import org.commissure.privacy.dp.LedgerContents;

/**
 * A privacy ledger's facts, for people and programs.
 *
 * @param spent by all runs together
 * @param runs in the order of their first charges
 */
public record LedgerReport(LedgerContents ledger, Guarantee spent, List<LedgerReport.Run> runs) {
    /**
     * What one run cost by itself; runs do not add up, but compose.
     *
     * @param epsilon at the δ that was asked for
     */
    public record Run(String run, int charges, double epsilon) {}

    /** What was spent at {@code delta}. */
    public static LedgerReport of(LedgerContents ledger, double delta) {
        return new LedgerReport(ledger, ledger.spent(delta), runs(ledger, delta));
    }

    /** What was spent, every charge and every other line. */
    public Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("epsilon", spent.epsilon());
        facts.put("delta", spent.delta());
        facts.put("order", spent.order());
        facts.put("head", ledger.head());
        facts.put("charges", ledger.charges().stream().map(LedgerReport::row).toList());
        facts.put("runs", runs);
        facts.put("withdrawn_patients", ledger.withdrawn());
        facts.put(
                "consent_changes",
                ledger.consents().stream()
                        .map(change -> Map.of(
                                "when", change.when().toString(),
                                "withdrawn", change.withdrawn(),
                                "patient", change.patient()))
                        .toList());
        facts.put(
                "repairs",
                ledger.repairs().stream()
                        .map(repair -> Map.of("when", repair.when().toString(), "bytes", repair.bytes()))
                        .toList());
        return facts;
    }

    private static Map<String, Object> row(Charge charge) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("run", charge.runId());
        row.put("round", charge.round());
        row.put("attempt", charge.attempt());
        row.put("mechanism", charge.mechanism());
        row.put("clip_norm", charge.clipNorm());
        row.put("noise_multiplier", charge.noiseMultiplier());
        row.put("sampling_rate", charge.samplingRate());
        row.put("steps", charge.steps());
        row.put("delta", charge.delta());
        row.put("when", charge.when().toString());
        charge.share().ifPresent(share -> {
            row.put("site_sigma", share.siteSigma());
            row.put("noise_sites", share.sites());
            row.put("dimension", share.dimension());
            share.countMultiplier().ifPresent(count -> row.put("count_noise_multiplier", count));
        });
        return row;
    }

    private static List<Run> runs(LedgerContents ledger, double delta) {
        Map<String, List<Charge>> byRun = new LinkedHashMap<>();
        ledger.charges()
                .forEach(charge -> byRun.computeIfAbsent(charge.runId(), run -> new ArrayList<>())
                        .add(charge));
        List<Run> runs = new ArrayList<>();
        byRun.forEach((run, charges) -> runs.add(new Run(
                run, charges.size(), LedgerContents.compose(charges, delta).epsilon())));
        return runs;
    }
}
