package io.densespark.model.replica;

import io.densespark.model.network.ParameterLayout;
import io.densespark.model.plan.BufferRole;
import io.densespark.model.tensor.Vector;
import java.util.List;

/**
 * The backward pass in parts, one for each dense block, the last layers' first. After each, a contiguous part of the gradients
 * is final: with the block's, those of the transition behind it; with the last block's, the head's; with the first, the stem's.
 */
final class BackwardPass {
    private final Workspace w;
    private final ParameterLayout layout;
    private final Stem stem;
    private final List<DenseBlock> blocks;
    private final List<Transition> transitions;
    private final Head head;
    private final TrainingLoss loss;

    BackwardPass(
            Workspace w,
            ParameterLayout layout,
            Stem stem,
            List<DenseBlock> blocks,
            List<Transition> transitions,
            Head head,
            TrainingLoss loss) {
        this.w = w;
        this.layout = layout;
        this.stem = stem;
        this.blocks = List.copyOf(blocks);
        this.transitions = List.copyOf(transitions);
        this.head = head;
        this.loss = loss;
    }

    /** How many parts there are. */
    int parts() {
        return blocks.size();
    }

    /** Runs them all. */
    void run() {
        for (int part = 0; part < parts(); part++) {
            run(part);
        }
    }

    /** Runs one; they come in order. */
    void run(int part) {
        int block = block(part);
        if (part == 0) {
            loss.beginBackward();
            head.backward();
            blocks.get(block).backward(head.norm());
        } else {
            transitions.get(block).backward();
            blocks.get(block).backward(transitions.get(block).norm());
        }
        if (block == 0) {
            stem.backward();
        }
    }

    private int block(int part) {
        return blocks.size() - 1 - part;
    }

    /** The gradients that part {@code part} makes final. */
    Vector gradients(int part) {
        int block = block(part);
        long start = start(block);
        long end = part == 0 ? layout.parameterCount() : start(block + 1);
        return new Vector(w.memory.get(BufferRole.GRADIENTS), start, Math.toIntExact(end - start));
    }

    private long start(int block) {
        return block == 0
                ? 0
                : layout.get(ParameterLayout.layerName(block, 0) + ".norm1.weight")
                        .offset();
    }
}
