package org.commissure.models.training;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.commissure.models.brainlm.MaskedAutoencoder;
import org.commissure.models.brainlm.OptimiserState;
import org.commissure.models.brainlm.StepSettings;
import org.commissure.models.weights.FederatedAverage;

/**
 * Federated averaging simulated on one machine, for comparisons with training on one site and on all patients together:
 * no message is sent and nothing is hidden. In each round every site goes on from the mean of all sites, weighted by
 * patients, for some steps. Adam's moments stay at the sites, so that one site alone takes exactly the steps of a
 * {@link TrainingRun}, to the bit. Not thread-safe; the model is this run's while it lasts.
 */
public final class FederatedTraining implements AutoCloseable {
    private final Learner learner;
    private final List<Site> sites;
    private final int localSteps;
    private final TrainingListener listener;
    private final List<Batches> batches = new ArrayList<>();
    private final List<OptimiserState> moments = new ArrayList<>();

    /**
     * One site.
     *
     * @param scans one per patient
     * @param plan of the same number of steps at every site; a checkpoint or evaluation it asks for is not made
     */
    public record Site(List<? extends Scan> scans, TrainingPlan plan) {
        public Site {
            scans = List.copyOf(scans);
        }
    }

    /**
     * @param localSteps between two averages; a last, shorter round takes what is left
     * @param listener is told of steps, counted over all sites
     * @throws ScanException if a scan does not fit the model
     */
    public FederatedTraining(MaskedAutoencoder model, List<Site> sites, int localSteps, TrainingListener listener)
            throws ScanException {
        if (sites.isEmpty()
                || localSteps < 1
                || sites.stream().anyMatch(site -> site.scans().isEmpty())) {
            throw new IllegalArgumentException(
                    "federated training needs sites with scans, and at least one local step");
        }
        if (sites.stream().mapToLong(site -> site.plan().steps()).distinct().count() != 1) {
            throw new IllegalArgumentException("every site must take as many steps as the others");
        }
        this.learner = Learner.of(model);
        this.sites = List.copyOf(sites);
        this.localSteps = localSteps;
        this.listener = listener;
        for (Site site : sites) {
            Windows windows = new Windows(
                    model.configuration(), site.plan().masking(), site.plan().minimumFrames());
            for (int i = 0; i < site.scans().size(); i++) {
                windows.check(i, site.scans().get(i));
            }
        }
    }

    /**
     * Trains from {@code parameters}; once.
     *
     * @return the mean after the last round
     * @throws DivergedException if loss or gradient is NaN or infinite
     * @throws ScanException if a series is damaged
     */
    public float[] run(float[] parameters) throws IOException, InterruptedException {
        for (Site site : sites) {
            batches.add(new Batches(learner.current().configuration(), site.scans(), site.plan(), 0));
            learner.begin(parameters, site.plan().adam());
            moments.add(learner.state());
        }
        double[] weights =
                sites.stream().mapToDouble(site -> site.scans().size()).toArray();
        long steps = sites.getFirst().plan().steps();
        long told = 0;
        float[] released = parameters;
        for (long first = 0; first < steps; first += localSteps) {
            long end = Math.min(steps, first + localSteps);
            List<float[]> trained = new ArrayList<>();
            for (int s = 0; s < sites.size(); s++) {
                told = train(s, released, first, end, told);
                trained.add(learner.parameters());
            }
            released = FederatedAverage.of(trained, weights);
        }
        return released;
    }

    private long train(int s, float[] released, long first, long end, long toldBefore)
            throws IOException, InterruptedException {
        TrainingPlan plan = sites.get(s).plan();
        learner.resume(released, released, moments.get(s), plan.adam());
        long told = toldBefore;
        for (long step = first; step < end; step++) {
            if (Thread.interrupted()) {
                throw new InterruptedException("training was stopped");
            }
            Batches.Batch batch = batches.get(s).next();
            StepSettings settings = plan.step(step);
            try {
                var result = learner.step(batch.examples(), settings);
                told++;
                listener.on(
                        new TrainingEvent.Stepped(told, result.loss(), result.gradientNorm(), settings.learningRate()));
            } catch (ArithmeticException e) {
                throw new DivergedException(step + 1, batch.scans(), e);
            }
        }
        moments.set(s, learner.state());
        return told;
    }

    /** Stops what prepares windows in the background. */
    @Override
    public void close() {
        batches.forEach(Batches::close);
    }
}
