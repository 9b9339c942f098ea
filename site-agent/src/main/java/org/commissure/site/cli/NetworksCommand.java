package org.commissure.site.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.commissure.models.brainlm.Initialisation;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.TrainableModel;
import org.commissure.models.durable.AtomicFile;
import org.commissure.models.evaluation.Bootstrap.Interval;
import org.commissure.models.finetune.ConnectivityRidge;
import org.commissure.models.meanfield.files.RegionTable;
import org.commissure.models.modelfile.ModelFolder;
import org.commissure.models.networks.Connectivity;
import org.commissure.models.networks.NetworkIdentification;
import org.commissure.models.picture.IntervalChart;
import org.commissure.models.training.EvenWindows;
import org.commissure.models.training.Scan;
import org.commissure.models.training.ScanException;
import org.commissure.protocol.UserError;
import org.commissure.site.cohort.PooledCohort;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Whether a model's attention knows the seven cortical networks. */
@Command(
        name = "networks",
        mixinStandardHelpOptions = true,
        description = {
            "Tell each parcel's cortical network (Yeo's seven) from the parcels that are most like it, itself left out,"
                    + " and say how often that is right.",
            "Like means: parcels with correlated rows of the encoder's attention, mean over heads, windows and patients"
                    + " (of this model, and of the same model before training); with correlated functional"
                    + " connectivity; the same connectivity smoothed over its graph once or twice, as a graph"
                    + " convolutional network does; or simply near each other in space. Intervals resample parcels."
        },
        footer = {
            "",
            "Example:",
            "  commissure site model networks --model pretrained --cohort site-NYU --atlas CC200.tsv --svg networks.svg"
        })
final class NetworksCommand implements Callable<Integer> {
    @Mixin
    private ModelOnCohort subject = new ModelOnCohort();

    @Option(
            names = "--atlas",
            required = true,
            paramLabel = "FILE",
            description = "table of the parcels in the series' order, with the columns index, x, y, z and yeo7 (1 to 7,"
                    + " 0 for none)")
    private Path atlas = Path.of("");

    @Option(names = "--layer", paramLabel = "L", description = "encoder layer, 0 is the first (default: the last)")
    private @Nullable Integer layer;

    @Option(
            names = "--neighbours",
            paramLabel = "K",
            description = "parcels asked for each (default: ${DEFAULT-VALUE})")
    private int neighbours = 5;

    @Option(
            names = "--windows",
            paramLabel = "N",
            description = "windows a patient at most, side by side (default: ${DEFAULT-VALUE})")
    private int windows = 2;

    @Option(names = "--seed", paramLabel = "N", description = "of the resampling and of the untrained model")
    private long seed = 1;

    @Option(names = "--svg", paramLabel = "FILE", description = "draw accuracies with their intervals")
    private @Nullable Path svg;

    @Mixin
    private FactsOption output = new FactsOption();

    @Override
    public Integer call() {
        if (windows < 1) {
            throw new UserError("--windows is " + windows, "give at least one");
        }
        ModelFolder.Contents contents = subject.contents();
        ModelConfiguration configuration = contents.configuration();
        RegionTable table = RegionalFitReport.table(atlas, configuration.parcels());
        float[][] places = CoordinatesInput.read(atlas).coordinatesMillimetres();
        int chosen = layer == null ? PatientAttention.lastLayer(configuration) : layer;
        List<Scan> scans = PooledCohort.scans(subject.cohort(configuration, 0).subjects());
        Map<String, double[][]> attention = new LinkedHashMap<>();
        try (TrainableModel engine = subject.open(contents)) {
            attention.put("attention", attention(engine, chosen, scans));
            engine.loadParameters(Initialisation.parameters(configuration, seed));
            attention.put("attention before training", attention(engine, chosen, scans));
        }
        NetworkIdentification result;
        try {
            result = NetworkIdentification.of(
                    labels(table), attention, connectivity(configuration, scans), places, neighbours, seed);
        } catch (IllegalArgumentException e) {
            throw new UserError(
                    "networks cannot be told: " + e.getMessage(), "give fewer --neighbours, or another --atlas", e);
        }
        draw(result);
        print(result, scans.size(), chosen);
        return 0;
    }

    private static int[] labels(RegionTable table) {
        return table.regions().stream()
                .mapToInt(region -> region.network().orElse(0))
                .toArray();
    }

    private double[][] attention(TrainableModel engine, int chosen, List<Scan> scans) {
        float[] flat = new PatientAttention(engine, chosen, windows).mean(scans).parcels();
        int parcels = engine.configuration().parcels();
        double[][] rows = new double[parcels][parcels];
        for (int i = 0; i < flat.length; i++) {
            rows[i / parcels][i % parcels] = flat[i];
        }
        return rows;
    }

    private double[][] connectivity(ModelConfiguration configuration, List<Scan> scans) {
        double[][] byPatient = new double[scans.size()][];
        try {
            for (int i = 0; i < byPatient.length; i++) {
                byPatient[i] = ConnectivityRidge.connectivity(
                        EvenWindows.ofPatient(configuration, i, scans.get(i), windows), configuration.parcels());
            }
        } catch (ScanException e) {
            throw PooledCohortOptions.damaged(e);
        } catch (InterruptedException e) {
            throw new UserError("the connectivity was stopped", "start it again", e);
        }
        return Connectivity.mean(byPatient, configuration.parcels());
    }

    private void draw(NetworkIdentification result) {
        if (svg == null) {
            return;
        }
        List<IntervalChart.Row> rows = new ArrayList<>();
        for (NetworkIdentification.Method method : result.methods()) {
            Interval accuracy = method.accuracy();
            rows.add(new IntervalChart.Row(method.name(), accuracy.estimate(), accuracy.low(), accuracy.high()));
        }
        double majority = result.methods().getLast().accuracy().estimate();
        try {
            AtomicFile.write(
                    svg,
                    IntervalChart.svg(
                            "Networks of " + result.parcels() + " parcels told by " + neighbours + " neighbours",
                            "accuracy, with intervals by resampling parcels",
                            rows,
                            majority));
        } catch (IOException e) {
            throw new UserError("cannot write " + svg, "check the path, its permissions and free space", e);
        }
    }

    private void print(NetworkIdentification result, int patients, int chosen) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("patients", patients);
        facts.put("layer", chosen);
        facts.put("neighbours", neighbours);
        facts.put("parcels", result.parcels());
        facts.put("unlabelledParcels", result.unlabelled());
        facts.put("networks", RegionTable.NETWORKS);
        List<Map<String, Object>> methods = new ArrayList<>();
        for (NetworkIdentification.Method method : result.methods()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("method", method.name());
            one.put("accuracy", method.accuracy());
            one.put("balancedAccuracy", method.balancedAccuracy());
            one.put("accuracyMinusAttention", method.lead());
            one.put("recallByNetwork", method.recallByNetwork());
            methods.add(one);
        }
        facts.put("methods", methods);
        output.print(facts, lines -> {
            lines.println("networks of " + result.parcels() + " parcels (" + result.unlabelled()
                    + " belong to none), each told from " + neighbours + " others; layer " + chosen + ", " + patients
                    + " patients");
            for (NetworkIdentification.Method method : result.methods()) {
                lines.println(String.format(
                        Locale.ROOT,
                        "  %-38s accuracy %s  balanced %.3f  minus attention %s",
                        method.name(),
                        IntervalText.of(method.accuracy()),
                        method.balancedAccuracy(),
                        IntervalText.of(method.lead())));
            }
        });
    }
}
