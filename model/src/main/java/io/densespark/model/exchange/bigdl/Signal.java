package io.densespark.model.exchange.bigdl;

import com.intel.analytics.bigdl.serialization.Bigdl.BigDLModule;
import java.util.List;

/** What flows between the modules of a model while {@link Tracer} follows it: not values, but where they come from. */
sealed interface Signal {

    /** Feature maps joined along the channels, or a vector; each part is one node's output. */
    record Features(List<Node> parts) implements Signal {
        public Features {
            parts = List.copyOf(parts);
        }
    }

    /** Several signals, as ConcatTable gives and JoinTable takes them. */
    record Table(List<Signal> entries) implements Signal {
        public Table {
            entries = List.copyOf(entries);
        }
    }

    /** What a node computes. */
    enum Operation {
        INPUT("the input"),
        CONVOLUTION("SpatialConvolution"),
        NORM("SpatialBatchNormalization"),
        RELU("ReLU"),
        MAX_POOLING("SpatialMaxPooling"),
        AVERAGE_POOLING("SpatialAveragePooling"),
        DROPOUT("Dropout"),
        FLATTEN("a reshape to [N, C]"),
        LINEAR("Linear"),
        SOFT_MAX("LogSoftMax or SoftMax");

        final String title;

        Operation(String title) {
            this.title = title;
        }
    }

    /** One use of a module. Two uses are two nodes, whatever they hold: nodes are compared by identity. */
    final class Node {
        final Operation operation;
        final BigDLModule module;
        final String path;
        final Features input;

        /**
         * @param path names the module in errors
         * @param input what it reads; the input itself reads nothing
         */
        Node(Operation operation, BigDLModule module, String path, Features input) {
            this.operation = operation;
            this.module = module;
            this.path = path;
            this.input = input;
        }
    }
}
