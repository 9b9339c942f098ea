package org.commissure.site.compute;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.commissure.models.durable.AtomicFile;
import org.commissure.models.weights.ParameterLayout;
import org.commissure.models.weights.Safetensors;
import org.commissure.protocol.study.SharedPart;
import org.commissure.protocol.study.Study;

/**
 * A site's {@link OwnState} of one run on disk: a safetensors file of its own tensors under their names in the model, and
 * of its control variate under {@code control.<tensor>}. What a round's training left is {@linkplain #prepare prepared}
 * beside it before the masked vector leaves, and {@linkplain #commit takes its place} once the sum with that vector is
 * released; what comes of an attempt without release, or of a release without this site, is dropped. Each change is a
 * rename of a whole, forced file. Not thread-safe.
 */
public final class OwnStateFile {
    private final Path file;
    private final SharedPart part;
    private final boolean hasControl;
    private final ParameterLayout layout;

    private OwnStateFile(Path file, Study study) {
        this.file = file;
        this.part = ModelShape.shared(study);
        this.hasControl = study.training().hasControl();
        ParameterLayout.Builder tensors = new ParameterLayout.Builder();
        ParameterLayout model = ModelShape.layout(study);
        part.names(SharedPart.Fate.LOCAL).forEach(name -> add(tensors, name, model.tensor(name)));
        if (hasControl) {
            part.names(SharedPart.Fate.SHARED).forEach(name -> add(tensors, "control." + name, model.tensor(name)));
        }
        this.layout = tensors.build();
    }

    private static void add(ParameterLayout.Builder to, String name, ParameterLayout.Tensor tensor) {
        to.add(name, tensor.shape().toArray(Integer[]::new));
    }

    /** Empty in a study in which sites keep nothing. */
    public static Optional<OwnStateFile> of(Path file, Study study) {
        boolean keeps = study.published().isEmpty()
                && (study.training().local().isPresent() || study.training().hasControl());
        return keeps ? Optional.of(new OwnStateFile(file, study)) : Optional.empty();
    }

    /**
     * What the site has; before its first released round the model's own values, and a control variate of 0.
     *
     * @throws LocalWorkException if the file is damaged or of another model
     */
    public OwnState read(float[] released) throws LocalWorkException {
        int local = part.length(SharedPart.Fate.LOCAL);
        int control = hasControl ? part.length() : 0;
        if (!Files.exists(file)) {
            return new OwnState(part.gather(SharedPart.Fate.LOCAL, released), new float[control]);
        }
        try {
            float[] values = Safetensors.read(file, layout);
            float[] own = new float[local];
            float[] variate = new float[control];
            System.arraycopy(values, 0, own, 0, local);
            System.arraycopy(values, local, variate, 0, control);
            return new OwnState(own, variate);
        } catch (IOException e) {
            throw new LocalWorkException(
                    "this site's own part of the model, " + file.getFileName() + " in its folder own/, cannot be used: "
                            + e.getMessage() + "; restore it, or delete it to begin from the released values",
                    e);
        }
    }

    /** Writes what becomes of it if the sum is released. @param facts for whoever reads the file */
    public void prepare(Path pending, OwnState next, Map<String, String> facts) throws IOException {
        float[] values = new float[layout.parameterCount()];
        System.arraycopy(next.local(), 0, values, 0, next.local().length);
        System.arraycopy(next.control(), 0, values, next.local().length, next.control().length);
        Files.createDirectories(folderOf(file));
        Safetensors.write(pending, layout, values, facts);
    }

    /** Puts {@code pending} in its place, durably; nothing to do where it was done before. */
    public static void commit(Path pending, Path file) throws IOException {
        if (Files.exists(pending)) {
            Files.move(pending, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            AtomicFile.force(folderOf(file));
        }
    }

    private static Path folderOf(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file lies in a folder");
    }

    /** The released model with this site's own tensors in it; in place. */
    public void personalise(float[] released) throws LocalWorkException {
        part.scatter(SharedPart.Fate.LOCAL, read(released).local(), released);
    }
}
