package org.commissure.models.modelfile;

import java.io.IOException;

/** A {@code config.json} that is damaged, or describes a model that this version does not have. Names the key. */
public final class MalformedConfigurationException extends IOException {
    private static final long serialVersionUID = 1L;

    MalformedConfigurationException(String problem) {
        super(problem);
    }

    MalformedConfigurationException(String problem, Throwable cause) {
        super(problem, cause);
    }
}
