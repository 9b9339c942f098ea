package org.commissure.coordinator.report;

import java.util.List;
import java.util.stream.Collectors;
import org.commissure.protocol.study.Study;

/** The model card of a study of kind phenotype. */
final class PhenotypeCard {
    private PhenotypeCard() {}

    /** Markdown. */
    static String of(RunReport report, PhenotypeReport result, Study study) {
        String scores = PhenotypeSection.table(result).stream()
                .skip(1)
                .map(row -> "- " + String.join(" | ", row))
                .collect(Collectors.joining("\n"));
        List<String> header = PhenotypeSection.table(result).getFirst();
        return """
                # %s

                **%s**

                A linear prediction of `%s` from resting-state %s, fitted to several hospitals' patients by secure
                sums. Run `%s` of Commissure ended as `%s`.

                ## Model
                - %s
                - `model.safetensors`: the published sums, two float32 for each number; the coefficients follow from them and the
                  study alone. Layout in Commissure's docs/protocol.md; SHA-256 of the data section `%s`

                ## Data
                %s
                ## Training
                - Purpose the sites approved: %s
                - Study file SHA-256 `%s`
                - Privacy mode `none`: the sums are exact and carry no noise

                ## External cohorts
                %s

                %s

                ## Limits
                - Linear in %s; no causal reading.
                - Nothing is known here about any diagnosis or prognosis of a single patient.

                ## Provenance
                %s- Transparency log: %s
                """.formatted(
                        ModelCard.escape(report.study().name()),
                        report.notice(),
                        ModelCard.escape(result.target()),
                        result.encoder() == null ? "connectivity" : "series as a frozen encoder sees them",
                        ModelCard.escape(report.run().id()),
                        report.run().outcome(),
                        PhenotypeSection.fit(result),
                        report.model().sha256(),
                        CardSections.data(report),
                        ModelCard.escape(report.study().purpose()),
                        report.study().sha256(),
                        String.join(" | ", header),
                        scores.isEmpty() ? "- n/a: not released" : scores,
                        result.encoder() == null ? "random projections of connectivity" : "the encoder's embedding",
                        CardSections.lineage(report, study),
                        ModelCard.log(report.log()));
    }
}
