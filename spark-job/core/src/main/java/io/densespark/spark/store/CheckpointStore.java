package io.densespark.spark.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.densespark.data.files.Leftovers;
import io.densespark.data.files.PlainFiles;
import io.densespark.data.files.StagedFile.Written;
import io.densespark.model.ModelException;
import io.densespark.model.weights.NamedTensor;
import io.densespark.model.weights.Safetensors;
import io.densespark.spark.JobException;
import java.io.CharConversionException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder {@code checkpoints} of a run. Each checkpoint is a folder of its own, named by the epochs that are over, the steps
 * of the next one if there are any, and the attempt that wrote it, so that a task of an older attempt which is still writing harms nobody. Its files, in the order in which they are
 * written:
 *
 * <pre>
 * epoch-0003.1f6c…/state.safetensors   parameters and running statistics by PyTorch's names, and the optimizer's velocity
 *                                      as one flat tensor; within an epoch also each rank's own running statistics
 * epoch-0003.1f6c…/SHA256SUMS          checksums of the other two
 * epoch-0003.1f6c…/manifest.json       see {@link Manifest}; its presence is the commit
 * </pre>
 *
 * <p>A folder without a manifest, or with one that was cut off, is no checkpoint. One that was complete and is damaged is named,
 * and the one before it is taken in its place; if there is none, that is an error.
 */
public final class CheckpointStore {
    private static final String STATE = "state.safetensors";
    private static final String MANIFEST = "manifest.json";
    private static final Pattern FOLDER = Pattern.compile("epoch-(\\d+)(?:-step-(\\d+))?\\..+");
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);

    private final Configuration conf;
    private final FileSystem files;
    private final Path root;

    /** @throws IOException if the file system can't be reached */
    public CheckpointStore(Path root, Configuration conf) throws IOException {
        this.root = root;
        this.conf = conf;
        this.files = PlainFiles.of(root, conf).system();
    }

    /** A checkpoint that is complete. */
    public record Complete(String folder, Manifest manifest) {}

    /**
     * The name of the folder in which {@code attempt} writes a checkpoint.
     *
     * @param epochs that are over
     * @param steps of the next one
     */
    public static String folderName(int epochs, int steps, String attempt) {
        return steps == 0
                ? String.format(Locale.ROOT, "epoch-%04d.%s", epochs, attempt)
                : String.format(Locale.ROOT, "epoch-%04d-step-%07d.%s", epochs, steps, attempt);
    }

    /** Writes one checkpoint: the state, then the manifest. */
    public void write(String folder, Map<String, NamedTensor> state, RunPosition position) throws IOException {
        CommittedFolder target = CommittedFolder.begin(new Path(root, folder), MANIFEST, conf);
        Written written = target.add(STATE, out -> Safetensors.write(state, out));
        target.commit(ManifestJson.write(Manifest.of(position, written)));
    }

    /**
     * The checkpoint that a run goes on from, the newest complete one, if there is any. Those that are damaged are named in the
     * log and passed over.
     *
     * @throws JobException if there are only damaged ones, or that of the best epoch so far is missing or damaged: then the run
     *     can't be brought to its end, and had better not begin
     */
    public Optional<Complete> toGoOnFrom() throws IOException {
        Map<String, DamagedFileException> damaged = new LinkedHashMap<>();
        for (String folder : folders()) {
            try {
                Optional<Complete> found = read(folder);
                if (found.isPresent()) {
                    readState(found.get());
                    damaged.forEach((name, e) ->
                            LOG.warn("checkpoint {}/{} is damaged; going on from {} instead", root, name, folder, e));
                    requireBest(found.get());
                    return found;
                }
            } catch (DamagedFileException e) {
                damaged.put(folder, e);
            }
        }
        Optional<DamagedFileException> first = damaged.values().stream().findFirst();
        if (first.isPresent()) {
            throw first.get();
        }
        return Optional.empty();
    }

    private void requireBest(Complete checkpoint) throws IOException {
        if (checkpoint.manifest().epochs() > 0
                && !checkpoint.manifest().bestFolder().equals(checkpoint.folder())) {
            readBest(checkpoint);
        }
    }

    /**
     * The complete checkpoint with the most epochs and steps, if there is any.
     *
     * @throws JobException as {@link #read}
     */
    public Optional<Complete> newest() throws IOException {
        return newest(1).stream().findFirst();
    }

    private List<Complete> newest(int count) throws IOException {
        List<Complete> found = new ArrayList<>();
        for (String folder : folders()) {
            if (found.size() < count) {
                read(folder).ifPresent(found::add);
            }
        }
        return found;
    }

    /** Names of the folders of checkpoints, complete or not, those that are furthest first. */
    private List<String> folders() throws IOException {
        List<String> names = new ArrayList<>();
        try {
            for (FileStatus status : files.listStatus(root)) {
                String name = status.getPath().getName();
                if (FOLDER.matcher(name).matches()) {
                    names.add(name);
                }
            }
        } catch (FileNotFoundException e) {
            return List.of();
        } catch (AccessControlException | AccessDeniedException e) {
            throw UnreadableFileException.forbidden(root, e);
        }
        names.sort(Comparator.comparingLong(CheckpointStore::place)
                .thenComparing(Comparator.naturalOrder())
                .reversed());
        return names;
    }

    /** A number that grows with epochs and steps. */
    private static long place(String folder) {
        Matcher matcher = FOLDER.matcher(folder);
        if (!matcher.matches()) {
            return 0;
        }
        int steps = matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2));
        return ((long) Integer.parseInt(matcher.group(1)) << Integer.SIZE) + steps;
    }

    /**
     * The checkpoint of that name, unless it is incomplete.
     *
     * @throws JobException if its manifest has another format, is damaged, or may not be read, or its state is gone
     */
    public Optional<Complete> read(String folder) throws IOException {
        try {
            Optional<Complete> complete = readManifest(folder);
            Path state = new Path(new Path(root, folder), STATE);
            if (complete.isPresent() && !files.exists(state)) {
                throw damaged(state, new FileNotFoundException(state.toString()));
            }
            return complete;
        } catch (DamagedFileException e) {
            // Whoever removes an old one takes the manifest away first.
            if (!files.exists(new Path(new Path(root, folder), MANIFEST))) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Optional<Complete> readManifest(String folder) throws IOException {
        Path path = new Path(root, folder);
        Path file = new Path(path, MANIFEST);
        try {
            StoredFile<byte[]> text = StoredFile.read(file, conf, in -> in.readAllBytes());
            Optional<Manifest> manifest = ManifestJson.read(text.value(), file);
            if (manifest.isEmpty()) {
                return Optional.empty();
            }
            FolderSums.of(path, conf).require(MANIFEST, text.sha256());
            return manifest.map(complete -> new Complete(folder, complete));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        } catch (AccessControlException | AccessDeniedException e) {
            throw UnreadableFileException.forbidden(path, e);
        } catch (JsonProcessingException | CharConversionException | DamagedFileException e) {
            throw damaged(file, e);
        }
    }

    /**
     * Reads a checkpoint's state.
     *
     * @throws DamagedFileException if the file is missing or isn't what the manifest says
     * @throws UnreadableFileException if it may not be read
     */
    public Map<String, NamedTensor> readState(Complete checkpoint) throws IOException {
        Path path = new Path(new Path(root, checkpoint.folder()), STATE);
        try {
            StoredFile<Map<String, NamedTensor>> state =
                    StoredFile.read(path, conf, in -> Safetensors.read(in, path.toString()));
            if (!state.sha256().equals(checkpoint.manifest().stateSha256())) {
                throw new DamagedFileException("its SHA-256 isn't that of the manifest");
            }
            return state.value();
        } catch (FileNotFoundException | ModelException | DamagedFileException e) {
            throw damaged(path, e);
        }
    }

    private static DamagedFileException damaged(Path path, Exception cause) {
        return new DamagedFileException(
                "checkpoint " + path + " is damaged: remove the folder " + path.getParent()
                        + " to go on from the one before it",
                cause);
    }

    /**
     * Reads the state of the best epoch so far.
     *
     * @param newest that names it
     * @throws JobException if its checkpoint is missing or damaged
     */
    public Map<String, NamedTensor> readBest(Complete newest) throws IOException {
        try {
            return readState(best(newest));
        } catch (DamagedFileException e) {
            if (newest.manifest().bestFolder().equals(newest.folder())) {
                throw e;
            }
            throw new DamagedFileException(withoutBest(newest, "damaged"), e);
        }
    }

    private Complete best(Complete newest) throws IOException {
        return read(newest.manifest().bestFolder())
                .orElseThrow(() -> new JobException(withoutBest(newest, "missing or incomplete")));
    }

    private String withoutBest(Complete newest, String problem) {
        Manifest manifest = newest.manifest();
        return "checkpoint " + new Path(root, manifest.bestFolder()) + " of the best epoch, " + manifest.bestEpoch()
                + ", is " + problem + ", and the run's model is made of it: put the folder back, or begin another run "
                + "with another --save from the newest weights, --init "
                + new Path(new Path(root, newest.folder()), STATE);
    }

    /** Removes what killed writers have left. Only for the driver, before it starts an attempt. */
    public void removeLeftovers() throws IOException {
        Leftovers.removeAllIn(root, conf);
        for (String folder : folders()) {
            if (!files.exists(new Path(new Path(root, folder), MANIFEST))) {
                files.delete(new Path(root, folder), true);
            }
        }
    }

    /**
     * Removes the checkpoints that nobody needs any more: all but the newest and those of the best epochs that these name.
     * Incomplete ones that are further than these stay, since an attempt may be writing there, and so does what is no
     * checkpoint.
     *
     * @param kept how many of the newest stay
     * @throws JobException if the best epoch's checkpoint, which is needed, isn't there
     */
    public void removeOld(int kept) throws IOException {
        List<Complete> newest = newest(kept);
        if (newest.size() < kept) {
            return;
        }
        Set<String> keep = new HashSet<>();
        newest.forEach(complete -> keep.add(complete.manifest().bestFolder()));
        long oldest = place(newest.get(kept - 1).folder());
        for (String folder : folders()) {
            if (place(folder) < oldest && !keep.contains(folder)) {
                remove(new Path(root, folder));
            }
        }
        if (newest.get(0).manifest().epochs() > 0) {
            best(newest.get(0));
        }
    }

    /** The manifest goes first: what is left by a process that is killed meanwhile is no checkpoint any more. */
    private void remove(Path folder) throws IOException {
        files.delete(new Path(folder, MANIFEST), false);
        files.delete(folder, true);
    }
}
