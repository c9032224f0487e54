using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using OrleansRooms.SocketIO.Adapters;

namespace OrleansRooms.SocketIO.Tests.Recovery;

/// <summary>Makes adapters that write down which of their methods are called.</summary>
internal sealed class SpyAdapterFactory(IAdapterFactory adapters) : IAdapterFactory
{
    public ConcurrentQueue<string> Calls { get; } = [];

    /// <summary>Called before a method of that name; may throw.</summary>
    public Action<string> Before { get; set; } = static _ => { };

    /// <summary>What a method of that name, with these arguments, returns instead of the adapter's answer, if anything.</summary>
    public Func<string, object?[], object?> Instead { get; set; } = static (_, _) => null;

    public bool SupportsConnectionStateRecovery { get; init; } = true;

    public IAdapter Create(IAdapterNamespace ns)
    {
        var spy = DispatchProxy.Create<IAdapter, Proxy>();
        ((Proxy)(object)spy).Attach(adapters.Create(ns), this);
        return spy;
    }

    /// <summary>Called after a method of that name has returned.</summary>
    public Action<string> After { get; set; } = static _ => { };

    [SuppressMessage("Performance", "CA1852:Seal internal types", Justification = "DispatchProxy derives from it.")]
    public class Proxy : DispatchProxy
    {
        private IAdapter _adapter = null!;
        private SpyAdapterFactory _factory = null!;

        internal void Attach(IAdapter adapter, SpyAdapterFactory factory)
        {
            _adapter = adapter;
            _factory = factory;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            _factory.Calls.Enqueue(targetMethod!.Name);
            _factory.Before(targetMethod.Name);
            var result = _factory.Instead(targetMethod.Name, args ?? []) ?? targetMethod.Invoke(_adapter, args);
            _factory.After(targetMethod.Name);
            return result;
        }
    }
}
