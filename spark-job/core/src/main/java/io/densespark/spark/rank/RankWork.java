package io.densespark.spark.rank;

import io.densespark.model.collective.PeerLostException;
import io.densespark.model.collective.ProcessGroup;
import io.densespark.model.kernels.Backend;
import io.densespark.model.tensor.DeviceLostException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * What each rank of a stage does: alone, then together with the others. It travels to the executors by Java
 * serialization.
 *
 * <p>A {@link RuntimeException} from either part means that the stage can't succeed however often it is tried: it ends the
 * stage, and the driver throws its message. {@link PeerLostException}, {@link DeviceLostException}, {@link
 * UncheckedIOException} and checked exceptions may go away, and count as a lost rank.
 *
 * @param <S> what the rank has once it is set up; it is closed at the end
 * @param <R> the rank's result; it travels to the driver by Java serialization
 */
public interface RankWork<S extends AutoCloseable, R> extends Serializable {
    /** Sets the rank up. If any rank fails here, none goes on. */
    S open(Rank rank) throws Exception;

    /** The rank's device, where the vectors lie that the ranks sum; empty if they sum numbers only. */
    default Optional<Backend> device(S session) {
        return Optional.empty();
    }

    /** Does the work, with all ranks there; the caller closes {@code group}. */
    R run(S session, Rank rank, ProcessGroup group) throws Exception;

    /** Whether the ranks sum anything; if not, they don't connect to each other. */
    default boolean isCollective() {
        return true;
    }
}
