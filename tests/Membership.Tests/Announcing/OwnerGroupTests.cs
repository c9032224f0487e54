using OrleansRooms.Membership.Announcing;

namespace OrleansRooms.Membership.Tests.Announcing;

public sealed class OwnerGroupTests
{
    private readonly OwnerGroup _group = new(silo: 7);
    private readonly OwnerAnnouncement _first = new(1);
    private readonly OwnerAnnouncement _second = new(2);

    [Fact]
    public void ThoseWhoWait_AreTakenOnceInTheirOrder()
    {
        Assert.False(_group.NeedsTurn);
        _group.Add(_first, Urgency.Patient);
        _group.Add(_second, Urgency.Patient);
        _group.Add(_first, Urgency.Patient);

        Assert.True(_first.IsWaiting);
        Assert.Equal([_first, _second], _group.Take());
        Assert.False(_first.IsWaiting);
        Assert.False(_group.HasWaiting);
        Assert.Empty(_group.Take());
    }

    [Fact]
    public void Turn_IsNeededOnce_AndAgainWhenItBecomesUrgent()
    {
        _group.Add(_first, Urgency.Patient);
        Assert.True(_group.NeedsTurn);
        _group.Turn = _group.Urgency;
        _group.Add(_second, Urgency.Patient);
        Assert.False(_group.NeedsTurn);

        _group.Add(_first, Urgency.Urgent);
        Assert.True(_group.NeedsTurn);
        Assert.Equal(Urgency.Urgent, _group.Urgency);
        _group.Turn = _group.Urgency;
        _group.Add(_second, Urgency.Patient);
        Assert.False(_group.NeedsTurn);
        Assert.Equal(Urgency.Urgent, _group.Urgency);
    }

    [Fact]
    public void WhoComesDuringACall_WaitsForTheNext_AsUrgentAsItIs()
    {
        _group.Add(_first, Urgency.Urgent);
        _group.IsUnderWay = true;
        _group.Take();
        _group.Add(_second, Urgency.Patient);

        Assert.False(_group.NeedsTurn);
        _group.IsUnderWay = false;
        Assert.True(_group.NeedsTurn);
        Assert.Equal(Urgency.Patient, _group.Urgency);
    }
}
