package org.commissure.coordinator.report;

import java.util.Optional;
import org.commissure.protocol.evaluation.Interval;
import org.commissure.protocol.study.FineTunePlan;
import org.commissure.protocol.study.FrozenEmbedding;
import org.commissure.protocol.study.Study;

/** What every model card says alike: whose data, from which model, by which files. Markdown. */
final class CardSections {
    private CardSections() {}

    /** The released model that a study begins with or reads; empty in a study that starts from its own. */
    static Optional<String> base(Study study) {
        return study.finetune()
                .map(FineTunePlan::modelSha256)
                .or(() -> study.phenotype()
                        .flatMap(plan -> plan.features().embedding())
                        .map(FrozenEmbedding::modelSha256));
    }

    /** What the run's vector was before its first sum; empty where the report does not begin there. */
    static Optional<String> start(RunReport report) {
        return report.rounds().stream()
                .filter(round -> round.round() == 0)
                .map(RunReport.Round::modelSha256)
                .findFirst();
    }

    /** Patients by site in the site's own words, noised by it. */
    static String data(RunReport report) {
        StringBuilder text = new StringBuilder();
        for (RunReport.Site site : report.sites()) {
            String patients = site.sealedPatients();
            String sealed = site.externalCohortSha256();
            text.append("- ")
                    .append(ModelCard.escape(site.name()))
                    .append(": ")
                    .append(
                            patients == null
                                    ? "number of patients not stated"
                                    : ModelCard.escape(patients) + " patients")
                    .append(sealed == null ? "" : "; seal of the external cohort `" + ModelCard.escape(sealed) + "`")
                    .append('\n');
        }
        text.append("- Numbers are as each site stated them in the log, with noise of its own; ")
                .append(report.study().externalFraction())
                .append(" of each site's patients were sealed before the run and only ever scored\n");
        return text.toString();
    }

    /** From what the model came about, by hashes. */
    static String lineage(RunReport report, Study study) {
        StringBuilder text = new StringBuilder();
        base(study)
                .ifPresent(sha256 -> text.append("- Released model that the study names: `")
                        .append(sha256)
                        .append("`\n"));
        start(report)
                .ifPresent(sha256 -> text.append("- Vector before the first sum: `")
                        .append(ModelCard.escape(sha256))
                        .append("`\n"));
        text.append("- Released by this run: `")
                .append(ModelCard.escape(report.model().sha256()))
                .append("`; each round's model, and by whose updates, is in `report.json`\n");
        return text.toString();
    }

    /** Interval and worst site of a reconstruction; empty where no sum is kept. */
    static String spread(RunReport report) {
        SealedEvaluation sealed = report.sealedEvaluation();
        if (sealed == null) {
            return "";
        }
        Interval worst = sealed.metrics().sites() == null
                ? null
                : sealed.metrics().sites().worst();
        return "\n- R² with its 95 % interval: "
                + PhenotypeSection.estimate(sealed.metrics().r2())
                + "\n- Worst site: "
                + (worst == null ? "n/a" : "R² between " + worst.low() + " and " + worst.high())
                + "\n";
    }
}
