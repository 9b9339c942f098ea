package org.commissure.models.multisite;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.commissure.models.brainlm.MaskedAutoencoder;
import org.commissure.models.training.Evaluation;
import org.commissure.models.training.FederatedTraining;
import org.commissure.models.training.Scan;
import org.commissure.models.training.ScanException;
import org.commissure.models.training.Streams;
import org.commissure.models.training.TrainingEvent;
import org.commissure.models.training.TrainingListener;
import org.commissure.models.training.TrainingPlan;
import org.commissure.models.training.TrainingRun;

/**
 * Masked reconstruction of patients nobody trained on, by models that start alike and take the same number of optimiser
 * steps: one trained at each site, one federated (every site takes that many steps), and one on all training patients.
 * Every model is scored on the very same hidden values. Not thread-safe.
 */
public final class MultiSiteReconstruction {
    /** The untrained model. */
    public static final String UNTRAINED = "untrained";

    /** Federated averaging, weighted by patients. */
    public static final String FEDERATED = "federated";

    /** All training patients together. */
    public static final String POOLED = "pooled";

    private static final String SINGLE = "trained at ";

    private final MaskedAutoencoder model;
    private final List<ReconstructionSite> sites;
    private final TrainingPlan plan;
    private final int localSteps;
    private final List<Evaluation> evaluations = new ArrayList<>();
    private final ProgressListener listener;
    private final long allSteps;
    private long stepsDone;

    /**
     * @param plan of one site; the others' differ in the seed
     * @param localSteps between two averages of the federation
     * @param windowsPerScan to score on, of each external patient
     * @throws ScanException if a scan does not fit the model
     */
    public MultiSiteReconstruction(
            MaskedAutoencoder model,
            List<ReconstructionSite> sites,
            TrainingPlan plan,
            int localSteps,
            int windowsPerScan,
            ProgressListener listener)
            throws ScanException {
        this.model = model;
        this.sites = List.copyOf(sites);
        this.plan = plan;
        this.localSteps = localSteps;
        this.listener = listener;
        this.allSteps = plan.steps() * (2L * sites.size() + 1);
        for (ReconstructionSite site : sites) {
            evaluations.add(new Evaluation(
                    model.configuration(),
                    site.external(),
                    windowsPerScan,
                    plan.masking(),
                    plan.minimumFrames(),
                    plan.seed()));
        }
    }

    /** The name of the model that was trained at one site. */
    public static String single(ReconstructionSite site) {
        return SINGLE + site.name();
    }

    /**
     * Trains and scores everything.
     *
     * @param start parameters of the untrained model
     * @return by model, {@link #UNTRAINED} first, how it does at each site, in the sites' order
     * @throws org.commissure.models.training.DivergedException if loss or gradient is NaN or infinite
     * @throws ScanException if a series is damaged
     */
    public Map<String, List<PatientSums>> run(float[] start) throws IOException, InterruptedException {
        Map<String, List<PatientSums>> scores = new LinkedHashMap<>();
        scores.put(UNTRAINED, scored(start));
        for (int s = 0; s < sites.size(); s++) {
            String name = single(sites.get(s));
            scores.put(name, scored(trained(sites.get(s).training(), plan(s), start, name)));
        }
        scores.put(FEDERATED, scored(federated(start)));
        List<Scan> everybody =
                sites.stream().flatMap(site -> site.training().stream()).toList();
        scores.put(POOLED, scored(trained(everybody, plan(0), start, POOLED)));
        return scores;
    }

    private TrainingPlan plan(int site) {
        return site == 0 ? plan : plan.withSeed(Streams.seed(plan.seed(), Streams.Purpose.ORDER, site));
    }

    private float[] trained(List<Scan> scans, TrainingPlan own, float[] start, String stage)
            throws IOException, InterruptedException {
        return new TrainingRun(model, scans, own, Optional.empty(), Optional.empty(), counting(stage))
                .start(start)
                .parameters();
    }

    private float[] federated(float[] start) throws IOException, InterruptedException {
        List<FederatedTraining.Site> parties = IntStream.range(0, sites.size())
                .mapToObj(s -> new FederatedTraining.Site(sites.get(s).training(), plan(s)))
                .toList();
        try (var training = new FederatedTraining(model, parties, localSteps, counting(FEDERATED))) {
            return training.run(start);
        }
    }

    private TrainingListener counting(String stage) {
        return event -> {
            if (event instanceof TrainingEvent.Stepped) {
                stepsDone++;
                listener.at(stage, stepsDone, allSteps);
            }
        };
    }

    private List<PatientSums> scored(float[] parameters) throws ScanException, InterruptedException {
        model.loadParameters(parameters);
        List<PatientSums> bySite = new ArrayList<>();
        for (Evaluation evaluation : evaluations) {
            bySite.add(new PatientSums(evaluation.sumsByScan(model)));
        }
        return List.copyOf(bySite);
    }
}
