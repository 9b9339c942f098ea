package org.commissure.coordinator.report;

import java.util.Locale;
import org.commissure.coordinator.round.RegionalScores;
import org.commissure.protocol.study.Study;

/** The model card of a regional study. */
final class RegionalCard {
    private RegionalCard() {}

    /** Markdown. */
    static String of(RunReport report, RegionalResult result, Study study) {
        StringBuilder scores = new StringBuilder();
        RegionalScores released = result.scores();
        if (released != null) {
            for (RegionalScores.Candidate candidate : released.candidates()) {
                scores.append(String.format(
                        Locale.ROOT,
                        "- %s: r %s, KS %s, total %s%n",
                        candidate.name(),
                        RegionalSection.interval(candidate.r()),
                        RegionalSection.interval(candidate.ks()),
                        RegionalSection.interval(candidate.total())));
            }
        }
        return """
                # %s

                **%s**

                A regional mean-field model of %d cortical regions, fitted to several hospitals' resting-state fMRI
                without their data leaving them. Run `%s` of Commissure ended as `%s`.

                ## Model
                - Method: %s; beside it the homogeneous model of four parameters
                - `model.safetensors`: three flat float32 tensors, `statistics`, `fit`, `refinement`; their layout is in
                  Commissure's docs/protocol.md; SHA-256 of the data section `%s`

                ## Data
                %s
                ## Training
                - Purpose the sites approved: %s
                - Statistics of %.1f training and %.1f validation patients of %d sites, as published
                - %s
                - Study file SHA-256 `%s`
                - Privacy mode `%s`

                ## External cohorts
                %s
                ## Limits
                - The sign of w against the cortical gradient is not identified by such fits.
                - Nothing is known here about any diagnosis or prognosis.
                - Regions of which the sites' parcels cover less than half: %s

                ## Provenance
                %s- Transparency log: %s
                """.formatted(
                ModelCard.escape(report.study().name()),
                report.notice(),
                result.regions(),
                ModelCard.escape(report.run().id()),
                report.run().outcome(),
                result.method(),
                report.model().sha256(),
                CardSections.data(report),
                ModelCard.escape(report.study().purpose()),
                result.trainingSubjects(),
                result.validationSubjects(),
                result.sites(),
                RegionalSection.structure(result),
                report.study().sha256(),
                study.privacy().mode().name().toLowerCase(Locale.ROOT),
                scores.isEmpty() ? "- n/a: not released\n" : scores,
                result.poorlyCovered().isEmpty() ? "none" : ModelCard.escape(String.join(", ", result.poorlyCovered())),
                CardSections.lineage(report, study),
                ModelCard.log(report.log()));
    }
}
