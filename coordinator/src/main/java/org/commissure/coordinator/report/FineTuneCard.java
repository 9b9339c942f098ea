package org.commissure.coordinator.report;

import java.util.stream.Collectors;
import org.commissure.protocol.study.Study;

/** The model card of a study of kind finetune. */
final class FineTuneCard {
    private FineTuneCard() {}

    /** Markdown. */
    static String of(RunReport report, PhenotypeReport result, FineTuneReport tuned, Study study) {
        String scores = PhenotypeSection.table(result).stream()
                .skip(1)
                .map(row -> "- " + String.join(" | ", row))
                .collect(Collectors.joining("\n"));
        return """
                # %s

                **%s**

                A prediction of `%s` from resting-state series: a released encoder, fine-tuned across hospitals without
                their data leaving them. Run `%s` of Commissure ended as `%s`.

                ## Model
                - %s
                - `model.safetensors`: float32, how far encoder, head and baseline are from where they began; it is of use only
                  with the released model and the study. SHA-256 of its data section `%s`

                ## Data
                %s
                ## Training
                - Purpose the sites approved: %s
                - Sites whose updates are in a released sum: %s
                - Rounds: %d of %d local steps each
                - Study file SHA-256 `%s`

                ## Privacy
                %s- The released model's own training is not in these numbers.

                ## External cohorts
                After round %s:

                %s

                %s

                ## Limits
                - Nothing is known here about any diagnosis or prognosis of a single patient; no causal reading.
                - %s

                ## Provenance
                %s- Transparency log: %s
                """.formatted(
                        ModelCard.escape(report.study().name()),
                        report.notice(),
                        ModelCard.escape(result.target()),
                        ModelCard.escape(report.run().id()),
                        report.run().outcome(),
                        tuned.words(),
                        report.model().sha256(),
                        CardSections.data(report),
                        ModelCard.escape(report.study().purpose()),
                        ModelCard.escape(ModelCard.contributors(report)),
                        study.rounds().count(),
                        study.localSteps(),
                        report.study().sha256(),
                        ModelCard.privacy(report, study),
                        tuned.round() == null ? "n/a" : tuned.round(),
                        String.join(" | ", PhenotypeSection.table(result).getFirst()),
                        scores.isEmpty() ? "- n/a: not released" : scores,
                        ModelCard.escape(tuned.baselines().words()),
                        CardSections.lineage(report, study),
                        ModelCard.log(report.log()));
    }
}
