package org.commissure.site.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import org.commissure.models.attribution.AttributionStudy;
import org.commissure.models.attribution.ParcelMaps;
import org.commissure.models.attribution.RandomisedWeights;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.TrainableModel;
import org.commissure.models.meanfield.files.RegionTable;
import org.commissure.models.modelfile.ModelFolder;
import org.commissure.models.training.Scan;
import org.commissure.models.training.ScanException;
import org.commissure.protocol.UserError;
import org.commissure.site.cohort.PooledCohort;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which parcels and networks a model's answer rests on. */
@Command(
        name = "attribute",
        mixinStandardHelpOptions = true,
        description = {
            "Attribute what a model says to parcels and to Yeo's seven networks: what its head answers if 'site model"
                    + " finetune' wrote the folder, else how well it predicts masked values.",
            "Integrated gradients from a window of zeros (every parcel at its mean), SmoothGrad, and the last layer's"
                    + " attention; intervals resample patients. Two checks are part of it: attributions must add up to"
                    + " the change they explain (completeness), and the same map of the model with shuffled weights"
                    + " must look different (rank correlation over parcels). A map shows what the model uses, not what"
                    + " causes anything.",
            "Writes to the folder: parcels.tsv, means over patients; networks.svg; attribution.json."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done, both checks hold",
            "1:done, but a check fails: do not rely on the maps",
            "2:usage",
            "3:a file or an option cannot be used"
        },
        footer = {
            "",
            "Examples:",
            "  commissure site model attribute --model age --cohort site-NYU --atlas CC200.tsv --out age-map",
            "  commissure site model attribute --model pretrained --cohort site-NYU --held-out --atlas CC200.tsv \\ \\",
            "      --out reconstruction-map"
        })
final class AttributeCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private ModelOnCohort subject = new ModelOnCohort();

    @Option(
            names = "--atlas",
            required = true,
            paramLabel = "FILE",
            description = "table of the parcels in the series' order, with the columns index and yeo7 (1 to 7, 0 for"
                    + " none)")
    private Path atlas = Path.of("");

    @Option(names = "--class", paramLabel = "NAME", description = "whose log odds to explain (default: the last class)")
    private @Nullable String className;

    @Option(
            names = "--held-out",
            description = "only the patients that this model's training held out of these cohorts")
    private boolean heldOut;

    @Option(
            names = "--windows",
            paramLabel = "N",
            description = "windows a patient at most, side by side (default: ${DEFAULT-VALUE})")
    private int windows = 1;

    @Option(
            names = "--tolerance",
            paramLabel = "T",
            description = "relative error of completeness at which an integral is good enough (default:"
                    + " ${DEFAULT-VALUE})")
    private double tolerance = 0.05;

    @Option(
            names = "--points",
            paramLabel = "N",
            description = "points of an integral at most (default: ${DEFAULT-VALUE})")
    private int points = 256;

    @Option(
            names = "--smooth",
            paramLabel = "N",
            description = "noisy copies of a window for SmoothGrad (default: ${DEFAULT-VALUE})")
    private int samples = 20;

    @Option(
            names = "--noise",
            paramLabel = "S",
            description = "their noise as a share of the window's range (default: ${DEFAULT-VALUE})")
    private double noise = 0.15;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "of masks, noise, shuffled weights and resampling (default: ${DEFAULT-VALUE})")
    private long seed = 1;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "folder to write to")
    private Path out = Path.of("");

    @Mixin
    private FactsOption output = new FactsOption();

    @Override
    public Integer call() {
        AttributionStudy study = study();
        ModelFolder.Contents contents = subject.contents();
        RegionTable table =
                RegionalFitReport.table(atlas, contents.configuration().parcels());
        List<Scan> scans = scans(contents);
        AttributionReport report = report(contents, study, table, scans);
        try {
            Files.createDirectories(out);
            report.write(out);
        } catch (IOException e) {
            throw new UserError("cannot write to " + out, "check the path, its permissions and free space", e);
        }
        output.print(report.facts(), report::print);
        return report.isSound() ? 0 : 1;
    }

    private AttributionStudy study() {
        try {
            return new AttributionStudy(windows, tolerance, points, samples, noise, seed);
        } catch (IllegalArgumentException e) {
            throw new UserError(String.valueOf(e.getMessage()), "correct that option; --help lists them", e);
        }
    }

    private List<Scan> scans(ModelFolder.Contents contents) {
        PooledCohort pooled = subject.cohort(contents.configuration(), 0);
        return PooledCohort.scans(
                heldOut
                        ? new TrainingRecord(subject.folder(), contents)
                                .divide(pooled)
                                .heldOut()
                        : pooled.subjects());
    }

    private AttributionReport report(
            ModelFolder.Contents contents, AttributionStudy study, RegionTable table, List<Scan> scans) {
        ModelConfiguration c = contents.configuration();
        try (TrainableModel engine = subject.open(contents);
                AttributionTarget target = AttributionTarget.of(subject.folder(), contents, engine, className)) {
            AttributionStudy.Maps trained = study.of(c, scans, target.question(), progress("patient", scans.size()));
            double[][] attention = new double[scans.size()][];
            new PatientAttention(engine, PatientAttention.lastLayer(c), windows)
                    .of(
                            scans,
                            (maps, patient) -> attention[patient] = ParcelMaps.received(maps.parcels(), c.parcels()));
            engine.loadParameters(RandomisedWeights.of(c.layout(), contents.parameters(), seed));
            AttributionStudy.Maps shuffled = study.withoutSmoothing()
                    .of(c, scans, target.question(), progress("patient with shuffled weights", scans.size()));
            return new AttributionReport(target.text(), table, study, trained, attention, shuffled);
        } catch (ScanException e) {
            throw PooledCohortOptions.damaged(e);
        } catch (IllegalArgumentException e) {
            throw new UserError(
                    "nothing can be attributed: " + e.getMessage(), "choose another model, or --device cpu", e);
        } catch (InterruptedException e) {
            throw new UserError("the attribution was stopped", "start it again", e);
        }
    }

    private IntConsumer progress(String unit, int all) {
        if (output.asJson()) {
            return done -> {};
        }
        var lines = new ProgressLines(Output.errors(spec));
        return done -> lines.at(unit, done, all);
    }
}
