package org.commissure.models.meanfield.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.commissure.models.meanfield.fit.IndividualFit;
import org.commissure.models.meanfield.fit.SubjectResult;
import org.commissure.models.meanfield.fit.SubjectTask;

/** {@link IndividualFit} on one core, from a {@link SubjectTask} to a {@link SubjectResult}, both as JSON. */
public final class IndividualWork implements SubjectWork {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What {@link #fit} reads. */
    public static byte[] written(SubjectTask task) {
        return json(task);
    }

    /**
     * What {@link #fit} wrote.
     *
     * @throws IOException if it is damaged
     */
    public static SubjectResult read(byte[] result) throws IOException {
        return JSON.readValue(result, SubjectResult.class);
    }

    @Override
    public byte[] fit(byte[] task) throws InterruptedException {
        SubjectTask read;
        try {
            read = JSON.readValue(task, SubjectTask.class);
        } catch (IOException e) { // Jackson's message would quote the patient's numbers
            throw new IllegalArgumentException("the task's file is damaged, or of another version", e);
        }
        return json(IndividualFit.fit(read));
    }

    private static byte[] json(Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a task or a result is numbers and names", e);
        }
    }
}
