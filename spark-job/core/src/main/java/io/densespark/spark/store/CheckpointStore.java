package io.densespark.spark.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.densespark.model.ModelException;
import io.densespark.model.weights.NamedTensor;
import io.densespark.model.weights.Safetensors;
import io.densespark.spark.JobException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The folder {@code checkpoints} of a run. Each checkpoint is a folder of its own, named by epoch and by the attempt that
 * wrote it, so that a task of an older attempt which is still writing harms nobody:
 *
 * <pre>
 * epoch-0003.1f6c…/state.safetensors   parameters, running statistics, and the optimizer's velocity as one flat tensor
 * epoch-0003.1f6c…/manifest.json       see {@link Manifest}; its presence is the commit
 * </pre>
 */
public final class CheckpointStore {
    private static final String STATE = "state.safetensors";
    private static final String MANIFEST = "manifest.json";
    private static final Pattern FOLDER = Pattern.compile("epoch-(\\d+)\\..+");
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

    private final FileSystem files;
    private final Path root;

    /** @throws IOException if the file system can't be reached */
    public CheckpointStore(Path root, Configuration conf) throws IOException {
        this.root = root;
        this.files = root.getFileSystem(conf);
    }

    /** A checkpoint that is complete. */
    public record Complete(String folder, Manifest manifest) {}

    /** The name of the folder in which {@code attempt} writes the checkpoint after {@code epoch} epochs. */
    public static String folderName(int epoch, String attempt) {
        return String.format(Locale.ROOT, "epoch-%04d.%s", epoch, attempt);
    }

    /**
     * Writes one checkpoint: the state, then the manifest.
     *
     * @param manifest its length and digest of the state are filled in here
     */
    public void write(String folder, Map<String, NamedTensor> state, Manifest manifest) throws IOException {
        Path target = new Path(root, folder);
        MessageDigest digest = sha256();
        Path statePath = new Path(target, STATE);
        try (OutputStream out =
                new BufferedOutputStream(new DigestOutputStream(files.create(statePath, true), digest), 1 << 16)) {
            Safetensors.write(state, out);
        }
        Manifest complete = new Manifest(
                manifest.format(),
                manifest.seed(),
                manifest.settings(),
                manifest.history(),
                manifest.bestEpoch(),
                manifest.bestFolder(),
                files.getFileStatus(statePath).getLen(),
                HexFormat.of().formatHex(digest.digest()));
        byte[] json = JSON.writeValueAsBytes(complete);
        try (OutputStream out = files.create(new Path(target, MANIFEST), true)) {
            out.write(json);
        }
    }

    /** The complete checkpoint with the most epochs, if there is any; folders without a valid manifest don't count. */
    public Optional<Complete> newest() throws IOException {
        Complete best = null;
        for (FileStatus folder : folders()) {
            Optional<Complete> found = read(folder.getPath().getName());
            if (found.isPresent()
                    && (best == null
                            || found.get().manifest().epochs() > best.manifest().epochs())) {
                best = found.get();
            }
        }
        return Optional.ofNullable(best);
    }

    private List<FileStatus> folders() throws IOException {
        return files.exists(root) ? List.of(files.listStatus(root)) : List.of();
    }

    /** The checkpoint of that name, unless it is incomplete. */
    public Optional<Complete> read(String folder) throws IOException {
        Path manifestPath = new Path(new Path(root, folder), MANIFEST);
        Path statePath = new Path(new Path(root, folder), STATE);
        if (!files.exists(manifestPath) || !files.exists(statePath)) {
            return Optional.empty();
        }
        try (InputStream in = files.open(manifestPath)) {
            JsonNode json = JSON.readTree(in.readAllBytes());
            if (json.isMissingNode()) {
                return Optional.empty();
            }
            requireFormat(json.path("format").asInt(), manifestPath);
            return Optional.of(new Complete(folder, JSON.treeToValue(json, Manifest.class)));
        } catch (JsonProcessingException e) {
            // Cut off while it was written: the commit didn't happen.
            return Optional.empty();
        }
    }

    /** Looks at the format first: the fields of another one may be others. */
    private static void requireFormat(int format, Path manifest) {
        if (format != Manifest.FORMAT) {
            throw new JobException("checkpoint " + manifest + " has format " + format + ", this release reads "
                    + Manifest.FORMAT + ": go on with the release that wrote it, or choose another --save");
        }
    }

    /**
     * Reads a checkpoint's state.
     *
     * @throws JobException if the file isn't what the manifest says
     */
    public Map<String, NamedTensor> readState(Complete checkpoint) throws IOException {
        Path path = new Path(new Path(root, checkpoint.folder()), STATE);
        Manifest manifest = checkpoint.manifest();
        if (files.getFileStatus(path).getLen() != manifest.stateBytes()) {
            throw damaged(path, null);
        }
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(new BufferedInputStream(files.open(path), 1 << 16), digest)) {
            Map<String, NamedTensor> state = Safetensors.read(in, path.toString());
            if (!HexFormat.of().formatHex(digest.digest()).equals(manifest.stateSha256())) {
                throw damaged(path, null);
            }
            return state;
        } catch (ModelException e) {
            throw damaged(path, e);
        }
    }

    private static JobException damaged(Path path, Exception cause) {
        return new JobException(
                "checkpoint " + path + " is damaged: remove the folder " + path.getParent()
                        + " to go on from the one before it",
                cause);
    }

    /**
     * Removes the checkpoints of epochs before {@code epoch}, but the one named; folders that aren't checkpoints, and later
     * ones, in which an attempt may be writing now, stay.
     */
    public void removeBefore(int epoch, String keep) throws IOException {
        for (FileStatus folder : folders()) {
            String name = folder.getPath().getName();
            Matcher matcher = FOLDER.matcher(name);
            if (matcher.matches() && Integer.parseInt(matcher.group(1)) < epoch && !name.equals(keep)) {
                files.delete(folder.getPath(), true);
            }
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
