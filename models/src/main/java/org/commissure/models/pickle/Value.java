package org.commissure.models.pickle;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What may lie on the machine's stack. Values may contain themselves (through the memo) and nest a million deep, so
 * nothing here walks into a container: containers have identity, no {@code equals}, and describe only themselves.
 */
sealed interface Value permits Global, Value.Simple, Value.Tuple, Value.Sequence, Value.Dict, Storage, TorchTensor {

    /** Its kind, for messages. */
    String describe();

    /** A leaf: {@code Long}, {@code Double}, {@code Boolean}, {@code String}, or {@link Nothing}. */
    record Simple(Object content) implements Value {
        @Override
        public String describe() {
            return content == Nothing.NONE ? "None" : "a " + content.getClass().getSimpleName();
        }
    }

    /** Python's {@code None}. */
    enum Nothing {
        NONE
    }

    /** Immutable. */
    final class Tuple implements Value {
        private final List<Value> items;

        Tuple(List<Value> items) {
            this.items = List.copyOf(items);
        }

        List<Value> items() {
            return items;
        }

        @Override
        public String describe() {
            return "a tuple of " + items.size();
        }
    }

    /** A Python list. */
    final class Sequence implements Value {
        private final List<Value> items = new ArrayList<>();

        void add(Value item) {
            items.add(item);
        }

        @Override
        public String describe() {
            return "a list of " + items.size();
        }
    }

    /** A Python dict or OrderedDict; keys are strings.. */
    final class Dict implements Value {
        private final boolean ordered;
        private final Map<String, Value> entries = new LinkedHashMap<>();

        Dict(boolean ordered) {
            this.ordered = ordered;
        }

        boolean isOrdered() {
            return ordered;
        }

        Map<String, Value> entries() {
            return entries;
        }

        @Override
        public String describe() {
            return ordered ? "collections.OrderedDict" : "a dict of " + entries.size();
        }
    }
}
