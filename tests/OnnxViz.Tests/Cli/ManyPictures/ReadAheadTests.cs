using OnnxViz.Cli.Shared;
using Xunit;

namespace OnnxViz.Tests.Cli.ManyPictures;

/// <summary>One thread makes what another uses.</summary>
public class ReadAheadTests
{
    [Fact]
    public void All_comes_in_order() => Assert.Equal(Enumerable.Range(0, 1000), ReadAhead.Of(Enumerable.Range(0, 1000), 3, "wait"));

    [Fact]
    public void No_more_is_made_ahead_than_may_wait()
    {
        var made = 0;
        foreach (var i in ReadAhead.Of(Counted(), 2, "wait"))
        {
            Thread.Sleep(2);
            // Two wait, one is being made, one is here.
            Assert.InRange(Volatile.Read(ref made), i + 1, i + 4);
        }

        IEnumerable<int> Counted()
        {
            for (var i = 0; i < 50; i++)
            {
                Interlocked.Increment(ref made);
                yield return i;
            }
        }
    }

    [Fact]
    public void What_goes_wrong_comes_behind_what_went_well()
    {
        var seen = new List<int>();
        Assert.Throws<InvalidDataException>(() =>
        {
            foreach (var i in ReadAhead.Of(Failing(), 2, "wait")) seen.Add(i);
        });
        Assert.Equal([0, 1, 2], seen);
        seen.Clear();
        foreach (var i in ReadAhead.Of(Failing(), 2, "wait").Take(3)) seen.Add(i);
        Assert.Equal([0, 1, 2], seen);

        static IEnumerable<int> Failing()
        {
            for (var i = 0; i < 3; i++) yield return i;
            throw new InvalidDataException();
        }
    }

    [Fact]
    public void Who_stops_early_leaves_no_thread_behind()
    {
        var isOver = false;
        foreach (var i in ReadAhead.Of(Endless(), 2, "wait")) if (i == 5) break;
        Assert.True(isOver);

        IEnumerable<int> Endless()
        {
            try
            {
                for (var i = 0; ; i++) yield return i;
            }
            finally
            {
                isOver = true;
            }
        }
    }
}
