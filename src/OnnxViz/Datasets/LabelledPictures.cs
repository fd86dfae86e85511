namespace OnnxViz.Datasets;

/// <summary>One split of a data set: pictures of which each belongs to a class. May be used from several threads at once.</summary>
public abstract class LabelledPictures : IPictureList, IDisposable
{
    /// <inheritdoc/>
    public abstract int Count { get; }

    /// <inheritdoc/>
    public abstract string Fingerprint { get; }

    /// <summary>1 where all pictures are gray, otherwise 3.</summary>
    public abstract int Channels { get; }

    /// <summary>The size of every picture; null where they are of different sizes, which <see cref="Load"/> reads only.</summary>
    public abstract PixelSize? Size { get; }

    /// <summary>The class of a picture, 0 to classes - 1.</summary>
    public abstract int LabelOf(int i);

    /// <inheritdoc/>
    public abstract string NameOf(int i);

    /// <inheritdoc/>
    public abstract Image Load(int i);

    /// <summary>A picture's 8-bit samples as [<see cref="Channels"/>, H, W], red before green before blue; faster than <see cref="Load"/>.</summary>
    /// <param name="i">0 to <see cref="Count"/> - 1.</param>
    /// <param name="chw">Channels times height times width bytes, all of which are written.</param>
    /// <exception cref="InvalidOperationException">The pictures have no common <see cref="Size"/>.</exception>
    /// <exception cref="OnnxVizException">It cannot be read.</exception>
    public abstract void Read(int i, Span<byte> chw);

    /// <summary>Closes the files that pictures are read from.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc cref="Dispose()"/>
    protected virtual void Dispose(bool disposing)
    {
    }
}
