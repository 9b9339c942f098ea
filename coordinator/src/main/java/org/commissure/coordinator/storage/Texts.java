package org.commissure.coordinator.storage;

import java.sql.Types;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;

/**
 * Text on its way into the database. PostgreSQL refuses the character of code zero: it becomes the replacement
 * character, so that nobody stops a coordinator by saying it.
 */
final class Texts extends AbstractArgumentFactory<String> {
    Texts() {
        super(Types.VARCHAR);
    }

    @Override
    protected Argument build(String value, ConfigRegistry config) {
        return (position, statement, context) -> statement.setString(position, storable(value));
    }

    static String storable(String text) {
        return text.replace('\0', '\uFFFD');
    }
}
