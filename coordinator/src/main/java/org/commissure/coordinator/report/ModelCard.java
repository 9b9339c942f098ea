package org.commissure.coordinator.report;

import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Collectors;
import org.commissure.coordinator.round.EvaluationSummary;
import org.commissure.coordinator.round.RoundOutcome;
import org.commissure.protocol.study.Model;
import org.commissure.protocol.study.Network;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.study.Training;

/** The model card beside a released model: what it is, how it came about, and what it is not for. */
final class ModelCard {
    private ModelCard() {}

    /** Markdown; texts from study and log are escaped. */
    static String of(RunReport report, Study study) {
        Model model = study.model();
        long released = report.rounds().stream()
                .filter(round -> round.outcome() == RoundOutcome.RELEASED)
                .count();
        return """
                # %s

                **%s**

                A masked autoencoder (`%s`) for parcellated resting-state fMRI, pretrained across hospitals
                without their data leaving them. Run `%s` of Commissure ended as `%s`.

                ## Model
                - Input: %d parcels × %d frames, z-scored per parcel, in patches of %d frames
                - %s
                - `model.safetensors`: float32; SHA-256 of its data section `%s`
                %s
                ## Data
                %s
                ## Training
                - Purpose the sites approved: %s
                - Sites whose updates are in a released sum: %s
                - Aggregation: secure sums of clipped updates; the coordinator never saw a single one
                - Rounds with a released sum: %d of %d; %d local steps each, mask ratio %s
                - Study file SHA-256 `%s`

                ## Privacy
                %s
                ## Evaluation
                %s
                ## Limits
                - Only masked reconstruction was scored. Nothing is known here about any diagnosis, prognosis or phenotype.
                - The scores pool all sites' patients; the spread over sites and subgroups is in `report.html`.
                - Sites may differ in scanner and preprocessing; nothing was harmonised beyond the z-score.

                ## Provenance
                %s- Transparency log: %s
                - Who was left out of the cohorts: %s
                """.formatted(
                escape(report.study().name()),
                report.notice(),
                model.preset().key(),
                escape(report.run().id()),
                report.run().outcome(),
                model.parcels(),
                model.windowFrames(),
                model.patchFrames(),
                network(model.network()),
                escape(report.model().sha256()),
                parts(study.training()),
                CardSections.data(report),
                escape(report.study().purpose()),
                escape(contributors(report)),
                released,
                study.rounds().count(),
                study.localSteps(),
                study.training().maskRatio().orElseThrow(),
                report.study().sha256(),
                privacy(report, study),
                evaluation(report) + CardSections.spread(report),
                CardSections.lineage(report, study),
                log(report.log()),
                report.exclusions().shared() + " shared: " + report.exclusions().reason());
    }

    /** Which tensors of the file the run did not release values for. */
    private static String parts(Training training) {
        StringBuilder text = new StringBuilder();
        training.local()
                .ifPresent(own -> text.append("- Each site's own, by the study's words: ")
                        .append(escape(String.join(", ", own.tensors())))
                        .append(". The file holds for them what the run started with; every site scored the model with"
                                + " its own values, which never left it. Train them before use\n"));
        training.partial()
                .ifPresent(fixed -> text.append("- Not trained, as the run started with: ")
                        .append(escape(String.join(", ", fixed.frozen())))
                        .append('\n'));
        return text.isEmpty() ? "" : text + "- All tensors by name and kind: `tensors.json`\n";
    }

    private static String network(Network network) {
        return switch (network) {
            case Network.Transformer sizes ->
                "Transformer: encoder " + stack(sizes.encoder()) + "; decoder " + stack(sizes.decoder());
            case Network.Layers sizes -> "Hidden layers of width " + sizes.widths();
            case Network.Convolution sizes ->
                "Convolutions of " + sizes.channels().widths() + " channels on a grid of " + sizes.cellMillimetres()
                        + " mm";
        };
    }

    private static String stack(Network.Stack stack) {
        return stack.layers() + " layers of width " + stack.hidden() + ", " + stack.heads() + " heads, feed-forward "
                + stack.feedForward();
    }

    static String contributors(RunReport report) {
        return report.rounds().stream()
                .filter(round -> round.outcome() == RoundOutcome.RELEASED)
                .flatMap(round -> round.survivors().stream())
                .distinct()
                .sorted()
                .collect(Collectors.collectingAndThen(
                        Collectors.joining(", "), names -> names.isEmpty() ? "none" : names));
    }

    static String privacy(RunReport report, Study study) {
        if (study.privacy().mode() == Study.PrivacyMode.NONE) {
            return "- No differential privacy. Updates were summed under secure aggregation only.\n";
        }
        StringBuilder text = new StringBuilder(
                "- Patient-level differential privacy %s noise multiplier %s, clip norm %s, sampling rate %s\n"
                        .formatted(
                                study.privacy().mode() == Study.PrivacyMode.DISTRIBUTED
                                        ? "of the sum, from discrete noise of every site inside it:"
                                        : "at each site: Gaussian",
                                study.privacy().noiseMultiplier(),
                                study.privacy().clipNorm(),
                                study.privacy().samplingRate()));
        for (RunReport.Site site : report.sites()) {
            RunReport.PrivacySpent spent = site.privacy();
            text.append("- ").append(escape(site.name())).append(": ");
            text.append(
                    spent == null
                            ? "n/a (" + escape(String.valueOf(site.privacyUnavailable())) + ")"
                            : "ε ≤ " + Numbers.epsilon(spent.epsilonSpent()) + " at δ = "
                                    + Numbers.delta(spent.delta()));
            text.append('\n');
        }
        return text.toString();
    }

    private static String evaluation(RunReport report) {
        Optional<RunReport.Round> last = report.rounds().stream()
                .filter(round -> round.evaluation() != null)
                .max(Comparator.comparingInt(RunReport.Round::round));
        EvaluationSummary scores = last.map(RunReport.Round::evaluation).orElse(null);
        if (last.isEmpty() || scores == null) {
            return "- n/a: no evaluation was released in this run\n";
        }
        return """
                After round %d, on the sealed external cohorts of %d sites together (%d patients, %d masked values,
                mask ratio %s):

                | | R² | MSE |
                |---|---|---|
                | this model | %s | %s |
                | parcel mean over visible patches | %s | %s |
                | linear interpolation of visible patches | %s | %s |
                """.formatted(
                        last.get().round(),
                        scores.sites(),
                        scores.patients(),
                        scores.values(),
                        report.study().maskRatio(),
                        Numbers.score(scores.r2()),
                        Numbers.score(scores.mse()),
                        Numbers.score(scores.r2ParcelMean()),
                        Numbers.score(scores.mseParcelMean()),
                        Numbers.score(scores.r2Interpolation()),
                        Numbers.score(scores.mseInterpolation()));
    }

    static String log(RunReport.Log log) {
        return log.verified()
                ? "verified, " + log.entries() + " entries, root `" + log.rootSha256() + "`, origin "
                        + escape(log.origin())
                : "NOT verified: " + escape(String.valueOf(log.problem()));
    }

    /** One line without Markdown or HTML in it. */
    static String escape(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ").replaceAll("([\\\\`*_\\[\\]<>#|!&])", "\\\\$1");
    }
}
